package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.server.Mechanism;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class LiveUsersTest {
    @TempDir private Path folder;

    @Test
    void aFileThatChangesIsReadAgain() throws IOException {
        Path file = folder.resolve("users");
        LiveUsers users = live(file, "ada:{PLAIN}one\n");
        assertThat(users.check("ada", "one")).isTrue();
        assertThat(users.mechanisms()).contains(Mechanism.SCRAM_SHA_256);
        Files.writeString(file, "ada:{PLAIN}another\nbob:{PLAIN}b0b\n");
        assertThat(users.check("ada", "one")).isFalse();
        assertThat(users.check("ada", "another")).isTrue();
        assertThat(users.check("bob", "b0b")).isTrue();
        String bcrypt = "{BLF-CRYPT}$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        Files.writeString(file, "eve:" + bcrypt + "\n");
        assertThat(users.mechanisms()).containsExactly(Mechanism.PLAIN, Mechanism.LOGIN);
        assertThat(users.check("bob", "b0b")).isFalse();
    }

    @Test
    void oneThatIsBrokenOrGoneLeavesTheLoginsThatWereThere() throws IOException {
        Path file = folder.resolve("users");
        LiveUsers users = live(file, "ada:{PLAIN}one\n");
        Files.writeString(file, "ada:{PLAIN}longer\nbroken line\n");
        assertThat(users.check("ada", "one")).isTrue();
        Files.delete(file);
        assertThat(users.check("ada", "one")).isTrue();
        Files.writeString(file, "ada:{PLAIN}back\n");
        assertThat(users.check("ada", "back")).isTrue();
    }

    private static LiveUsers live(Path file, String text) throws IOException {
        Files.writeString(file, text);
        var context = new Context(file, Map.of(), new SourceText(""));
        return new LiveUsers(file, UsersFile.parse(text, context));
    }
}
