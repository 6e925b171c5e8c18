package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class HelpPagesTest {
    private static final Pattern CODE = Pattern.compile("\"(PH-[A-Z]\\d{3})\"");

    /** Every code that a source can say. */
    @Test
    void everyCodeHasAPageAndEveryPageACode() throws IOException {
        Path root = Path.of(System.getProperty("posthouse.root", ".."));
        var found = new TreeSet<String>();
        for (String module :
                List.of(
                        "core", "policy", "server", "client", "spool", "store", "relay", "facade",
                        "daemon")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    Matcher matcher = CODE.matcher(Files.readString(file));
                    while (matcher.find()) {
                        found.add(matcher.group(1));
                    }
                }
            }
        }
        Diagnosis.all().forEach(each -> found.add(each.code()));
        assertThat(found).hasSizeGreaterThan(100);
        assertThat(HelpPages.read().all().keySet()).containsExactlyInAnyOrderElementsOf(found);
    }

    @Test
    void aCodeMeansOneThing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> HelpPages.parse("PH-A001 One\n    x\n\nPH-A001 Two\n    y\n"))
                .withMessage("PH-A001 has two pages");
    }

    @Test
    void aPageHasItsTitleAndItsText() {
        HelpPages help = HelpPages.read();
        assertThat(help.page("ph-c031")).startsWith("PH-C031 An open relay\n    A rule, or");
        assertThat(help.page("PH-X000")).isEmpty();
        assertThat(help.all().values())
                .allSatisfy(page -> assertThat(page.lines().count()).isGreaterThan(1));
    }
}
