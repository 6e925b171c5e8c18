package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.Mailbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class AliasesFileTest {
    private static AliasesFile parse(String text, Context context) {
        return AliasesFile.parse(new SourceText(text), context);
    }

    private static Context context(String text) {
        return new Context(Path.of("/"), Map.of(), new SourceText(text));
    }

    private static List<String> words(List<Mailbox> addresses) {
        return addresses.stream().map(Mailbox::address).toList();
    }

    @Test
    void addressesAndDomains() {
        String text =
                """
                # who gets what
                Info@shop.example: ada@shop.example,bob@far.example   # both
                @Shop.example: eve@shop.example

                """;
        Context context = context(text);
        AliasesFile file = parse(text, context);
        assertThat(context.problems()).isEmpty();
        for (String address : List.of("info@shop.example", "INFO+x@shop.example")) {
            assertThat(words(file.targets(Mailbox.parse(address))))
                    .containsExactly("ada@shop.example", "bob@far.example");
        }
        assertThat(file.targets(Mailbox.parse("info@other.example"))).isEmpty();
        assertThat(file.targets(Mailbox.parse("x@shop.example"))).isEmpty();
        assertThat(words(file.catchAll("shop.example"))).containsExactly("eve@shop.example");
        assertThat(file.catchAll("other.example")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "info@shop.example",
                "info: ada@shop.example",
                "@: ada@shop.example",
                "info@shop.example:",
                "info@shop.example: ada",
                "info@shop.example: ada@shop.example,",
                "a@b.example: c@d.example\nA@B.example: e@f.example"
            })
    void aBrokenLineIsTold(String text) {
        Context context = context(text);
        AliasesFile unused = parse(text, context);
        assertThat(context.problems())
                .singleElement()
                .extracting(Problem::code)
                .isEqualTo("PH-C029");
    }
}
