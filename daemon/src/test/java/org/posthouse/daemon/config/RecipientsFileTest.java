package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.core.Mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class RecipientsFileTest {
    private static final String TEXT =
            """
            # people
            ada@shop.example   # the boss

            Bob@Shop.Example
            sales+north@shop.example
            """;

    @ParameterizedTest
    @CsvSource({
        "ada@shop.example, true",
        "ADA@SHOP.EXAMPLE, true",
        "ada+x@shop.example, true",
        "ada+x+y@shop.example, true",
        "ad@shop.example, false",
        "adam@shop.example, false",
        "ada@other.example, false",
        "bob@shop.example, true",
        "sales+north@shop.example, true",
        "sales@shop.example, false",
        "sales+south@shop.example, false",
        "+ada@shop.example, false",
        "postmaster@shop.example, true",
        "Postmaster@other.example, true",
    })
    void anAddressIsKnownOrNot(String address, boolean known) {
        var context = new Context(Path.of("/"), Map.of(), new SourceText(TEXT));
        RecipientsFile file = RecipientsFile.parse(new SourceText(TEXT), context);
        assertThat(context.problems()).isEmpty();
        assertThat(file.contains(Mailbox.parse(address))).isEqualTo(known);
    }

    @Test
    void aLineThatIsNoAddressIsShown(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("known"), "ada@shop.example\n  bob\n");
        Loaded loaded =
                Checking.load(
                        Checking.LISTENER + "[domains]\nrecipients = \"file:known\"\n", folder);
        assertThat(loaded.report())
                .isEqualTo(
                        """
                        error[PH-C026]: this is not an address
                           %s:2:3
                              1 | ada@shop.example
                              2 |   bob
                                |   ^^^ such as ada@shop.example
                           help: posthouse help PH-C026

                        1 error.
                        """
                                .formatted(folder.resolve("known")));
    }
}
