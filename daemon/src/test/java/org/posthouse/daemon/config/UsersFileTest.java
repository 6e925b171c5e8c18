package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

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
    void addressesOfALoginAreNotBuiltYet() {
        var context = new Context(Path.of("/"), Map.of(), new SourceText(""));
        UsersFile.parse("app:{PLAIN}x::::::send_as=a@shop.example\n", context);
        assertThat(context.problems())
                .singleElement()
                .extracting(Problem::code)
                .isEqualTo("PH-C018");
    }

    private static UsersFile users(String text) {
        var context = new Context(Path.of("/"), Map.of(), new SourceText(""));
        UsersFile users = UsersFile.parse(text, context);
        assertThat(context.problems()).isEmpty();
        return users;
    }
}
