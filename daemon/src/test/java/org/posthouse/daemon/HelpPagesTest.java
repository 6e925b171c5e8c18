package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class HelpPagesTest {
    /** Codes that stand in the constants of the configuration. */
    @Test
    void everyCodeOfTheConfigurationHasAPage() throws IOException {
        Path codes =
                Path.of(
                        System.getProperty("posthouse.root", ".."),
                        "daemon/src/main/java/org/posthouse/daemon/config/Codes.java");
        Matcher matcher =
                Pattern.compile("\"(PH-C\\d{3})\"")
                        .matcher(Files.readString(codes, StandardCharsets.UTF_8));
        var found = new TreeSet<String>();
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        assertThat(found).hasSizeGreaterThan(15);
        assertThat(HelpPages.read().all().keySet()).containsAll(found);
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
