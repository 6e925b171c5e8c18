package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.daemon.config.FirstConfig;
import org.posthouse.daemon.config.Golden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** {@code posthouse config init}. */
class ConfigInitTest {
    private static final String FOLDER = "daemon/src/test/resources/org/posthouse/daemon/init";

    @TempDir Path folder;

    private Path file() {
        return folder.resolve("posthouse.toml");
    }

    /** Every option is given, so that nothing is asked where a test runs on a terminal. */
    private CommandRun init(String relay, String via, String... more) {
        Object[] words = {
            "config",
            "init",
            "--config",
            file(),
            "--hostname",
            "Mail.shop.example",
            "--local",
            "shop.example bücher.example",
            "--relay",
            relay,
            "--via",
            via,
            "--bind",
            "127.0.0.1:0"
        };
        Object[] all = new Object[words.length + more.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return CommandRun.of(all);
    }

    /** It listens on the loopback address only: other networks get nowhere. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody|direct|nobody",
                "logins|direct|logins, with their own addresses",
                "10.20.0.0/16, 2001:db8::/32|relay.isp.example|nobody",
                "127.0.0.1,logins|[2001:db8::25]:25|127.0.0.1",
                "203.0.113.0/24|direct|nobody",
            })
    void whatItWritesPassesTheCheck(String relay, String via, String proof) {
        CommandRun written = init(relay, via);
        assertThat(written.err()).contains("wrote " + file());
        assertThat(written.exit()).isZero();
        CommandRun check = CommandRun.of("check", "--config", file(), "--plain");
        assertThat(check.err()).isEmpty();
        assertThat(check.exit()).isZero();
        assertThat(check.out().replaceAll("\\s+", " ")).contains("outside: " + proof);
    }

    @Test
    void theFileIsForPeople() throws IOException {
        CommandRun all = init("10.20.0.0/16,logins", "relay.isp.example");
        Golden.check(FOLDER + "/all.toml", Files.readString(file()));
        Golden.check(FOLDER + "/all-records.txt", all.out());
        init("nobody", "direct", "--force");
        Golden.check(FOLDER + "/least.toml", Files.readString(file()));
    }

    @Test
    void secretsAreForTheirOwnerOnlyAndNothingIsOverwritten() throws IOException {
        Path users = folder.resolve(FirstConfig.USERS);
        Files.writeString(users, "# mine\n");
        assertThat(init("logins", "direct").err()).contains("mail.pem, mail-key.pem\n");
        Path key = folder.resolve(FirstConfig.KEY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        String first = Files.readString(key);
        Files.writeString(file(), "# mine\n");
        CommandRun again = init("logins", "direct");
        assertThat(again.exit()).isEqualTo(Exit.CANT_CREATE);
        assertThat(again.err()).contains("is there already; --force");
        assertThat(Files.readString(file())).isEqualTo("# mine\n");
        assertThat(init("logins", "direct", "--force").exit()).isZero();
        assertThat(Files.readString(file())).contains("[auth]");
        assertThat(Files.readString(key)).isEqualTo(first);
        assertThat(Files.readString(users)).isEqualTo("# mine\n");
        assertThat(folder.resolve("posthouse.toml.new")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "everybody,direct,--relay needs nobody",
        "10.20.0.1/16,direct,--relay needs nobody",
        "nobody,a b:25,--via needs direct",
        "0.0.0.0/0,direct,error[PH-C031]",
    })
    void whatMakesNoSenseWritesNothing(String relay, String via, String said) {
        CommandRun run = init(relay, via);
        assertThat(run.exit()).isEqualTo(Exit.USAGE);
        assertThat(run.err()).contains(said);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void asksAgainUntilAnAnswerMakesSense() throws IOException {
        var said = new StringWriter();
        var answers = new BufferedReader(new StringReader("a_b\n shop.example, x.example \n\n"));
        var interview = new Interview(answers, new PrintWriter(said));
        assertThat(interview.ask("Domains", "y.example", "domains", FirstConfig::domains))
                .isEqualTo(List.of("shop.example", "x.example"));
        assertThat(interview.ask("Name", "y.example", "a name", FirstConfig::hostName))
                .isEqualTo("y.example");
        assertThat(said.toString())
                .isEqualTo(
                        "Domains [y.example]   that is not domains\n"
                                + "Domains [y.example] Name [y.example] ");
        assertThatThrownBy(() -> interview.ask("Name", "", "a name", FirstConfig::hostName))
                .isInstanceOf(Interview.NoAnswer.class)
                .hasMessage("no answer to: Name");
        var wrong = new BufferedReader(new StringReader("-\n".repeat(6)));
        var hopeless = new Interview(wrong, new PrintWriter(said));
        assertThatThrownBy(() -> hopeless.ask("Name", "", "a name", FirstConfig::hostName))
                .isInstanceOf(Interview.NoAnswer.class);
        assertThat(wrong.readLine()).isEqualTo("-");
        assertThat(said.toString()).contains("  that is not a name\n");
    }
}
