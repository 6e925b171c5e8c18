package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.Mailbox;
import org.posthouse.server.Mechanism;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class UsersFileTest {
    /** Hashes made by others: crypt_blowfish, the argon2 reference, Python, RFC 7677. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{PLAIN}secret|secret",
                "{BLF-CRYPT}$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW|U*U",
                "{BLF-CRYPT}$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW|U*U",
                "{ARGON2ID}$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc|password",
                "{PBKDF2}$1$0123456789abcdef$5000$88b0ca84e9400b46bbef58ed30232a4c8d699ee2|secret",
                "{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=|pencil",
            })
    void aLoginIsCheckedByItsScheme(String hash, String password) {
        UsersFile users = users("# people\n\napp:" + hash + "\n");
        assertThat(users.check("app", password)).isTrue();
        assertThat(users.check("app", password + "x")).isFalse();
        assertThat(users.check("app", "")).isFalse();
        assertThat(users.check("App", password)).isFalse();
        assertThat(users.check("other", password)).isFalse();
    }

    @Test
    void nobodyIsInAnEmptyFile() {
        assertThat(users("").check("", "")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app",
                "app:",
                ":{PLAIN}hunter2",
                "app:hunter2",
                "app:{PLAIN}",
                "app:{MD5}hunter2",
                "app:{BLF-CRYPT}hunter2",
                "app:{ARGON2ID}hunter2",
                "app:{PBKDF2}$2$x$1$hunter2",
                "app:{PBKDF2}$1$x$0$00hunter2",
                "app:{SCRAM-SHA-256}4096,hunter2",
                "x:{PLAIN}y\napp:{PLAIN}hunter2\napp:{PLAIN}hunter2",
            })
    void aBrokenLineIsToldWithoutItsSecret(String text, @TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("users"), text + "\n");
        Loaded loaded =
                Checking.load(Checking.LISTENER + "[auth]\nusers = \"file:users\"\n", folder);
        assertThat(loaded.errors()).isEqualTo(1);
        assertThat(loaded.report())
                .contains("error[PH-C025]", folder.resolve("users") + ":")
                .doesNotContain("hunter2");
    }

    @Test
    void aLoginOwnsItselfAndWhatItsLineNames() {
        UsersFile users =
                users(
                        "ada@shop.example:{PLAIN}x::::::send_as=sales@shop.example,*@news.example"
                                + "\napp:{PLAIN}y:1000:1000::/home/app::nologin=0\n");
        assertThat(owned(users, "ada@shop.example"))
                .containsExactly("ada@shop.example", "sales@shop.example", "eve@news.example");
        assertThat(owned(users, "app")).isEmpty();
        assertThat(owned(users, "nobody")).isEmpty();
        assertThat(users.check("ada@shop.example", "x")).isTrue();
        assertThat(users.check("app", "y")).isTrue();
    }

    private static List<String> owned(UsersFile users, String login) {
        return Stream.of(
                        "ada@shop.example",
                        "sales@shop.example",
                        "eve@news.example",
                        "bob@shop.example",
                        "app@shop.example")
                .filter(address -> users.owns(login, Mailbox.parse(address)))
                .toList();
    }

    @Test
    void patternsThatAreNoneAreTold() {
        var context = new Context(Path.of("/"), Map.of(), new SourceText(""));
        UsersFile users = UsersFile.parse("app:{PLAIN}x::::::send_as=a@b.example,,\n", context);
        assertThat(context.problems())
                .singleElement()
                .extracting(Problem::code)
                .isEqualTo("PH-C025");
        assertThat(users.check("app", "x")).isFalse();
    }

    /** A client takes the best that it sees: what one login can't do would lock it out. */
    @Test
    void mechanismsAreThoseThatWorkForEveryLogin() {
        String scram =
                "{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
                    + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
        String pbkdf2 = "{PBKDF2}$1$0123456789abcdef$5000$88b0ca84e9400b46bbef58ed30232a4c8d699ee2";
        assertThat(words("a:{PLAIN}x")).contains("SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN");
        assertThat(words("a:{PLAIN}x\nb:" + scram))
                .contains("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN")
                .doesNotContain("CRAM-MD5");
        assertThat(words("a:" + scram + "\nb:" + pbkdf2)).containsExactly("PLAIN", "LOGIN");
        UsersFile users = users("a:{PLAIN}x\nb:" + scram);
        assertThat(users.scramSecret("a").orElseThrow().matches("x")).isTrue();
        assertThat(users.scramSecret("b").orElseThrow().matches("pencil")).isTrue();
        assertThat(users.scramSecret("c")).isEmpty();
        assertThat(users.password("a")).contains("x");
        assertThat(users.password("b")).isEmpty();
    }

    private static List<String> words(String text) {
        return users(text).mechanisms().stream().map(Mechanism::word).toList();
    }

    private static UsersFile users(String text) {
        var context = new Context(Path.of("/"), Map.of(), new SourceText(""));
        UsersFile users = UsersFile.parse(text, context);
        assertThat(context.problems()).isEmpty();
        return users;
    }
}
