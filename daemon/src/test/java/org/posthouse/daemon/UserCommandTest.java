package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The users' file by command. */
class UserCommandTest {
    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("users");
    }

    private CommandRun run(String input, Object... words) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            Object[] all = new Object[words.length + 3];
            all[0] = "user";
            System.arraycopy(words, 0, all, 1, words.length);
            all[words.length + 1] = "--file";
            all[words.length + 2] = file();
            return CommandRun.of(all);
        } finally {
            System.setIn(before);
        }
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file());
    }

    @Test
    void addListPasswdRemove() throws IOException {
        Files.writeString(file(), "# people\n\nbob:{PLAIN}b0b:1000:::::x=1\n# the end\n");
        assertThat(
                        run(
                                "s3cret\n",
                                "add",
                                "ada@shop.example",
                                "--send-as",
                                "a@b.example,*@c.example"))
                .returns(0, CommandRun::exit);
        assertThat(lines()).startsWith("# people", "", "bob:{PLAIN}b0b:1000:::::x=1", "# the end");
        String ada = lines().getLast();
        assertThat(ada)
                .startsWith("ada@shop.example:{SCRAM-SHA-256}100000,")
                .endsWith("::::::send_as=a@b.example,*@c.example")
                .doesNotContain("s3cret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-r-----");
        assertThat(run("", "list").out())
                .isEqualTo(
                        """
                        bob               PLAIN
                        ada@shop.example  SCRAM-SHA-256  sends as a@b.example, *@c.example
                        """);
        assertThat(run("", "list", "--json").out())
                .isEqualTo(
                        """
                        {"login":"bob","scheme":"PLAIN","send_as":[]}
                        {"login":"ada@shop.example","scheme":"SCRAM-SHA-256",\
                        "send_as":["a@b.example","*@c.example"]}
                        """);
        assertThat(run("other\n", "passwd", "ada@shop.example").exit()).isZero();
        assertThat(lines().getLast())
                .isNotEqualTo(ada)
                .endsWith("::::::send_as=a@b.example,*@c.example");
        assertThat(run("other\n", "passwd", "bob").exit()).isZero();
        assertThat(lines().get(2)).startsWith("bob:{SCRAM-SHA-256}").endsWith(":1000:::::x=1");
        assertThat(run("", "remove", "bob").exit()).isZero();
        assertThat(lines()).hasSize(4).noneMatch(line -> line.startsWith("bob"));
        assertThat(Files.list(folder)).containsExactly(file());
    }

    @Test
    void aFileThatIsNotThereIsMade() throws IOException {
        assertThat(run("s3cret\n", "add", "ada").exit()).isZero();
        assertThat(lines()).hasSize(1);
    }

    @Test
    void whatCanNotBeIsSaidAndChangesNothing() throws IOException {
        Files.writeString(file(), "bob:{PLAIN}b0b\n");
        assertThat(run("x\n", "add", "bob")).returns(Exit.DATA, CommandRun::exit);
        assertThat(run("\n", "add", "eve")).returns(Exit.DATA, CommandRun::exit);
        assertThat(run("", "add", "eve")).returns(Exit.DATA, CommandRun::exit);
        assertThat(run("x\n", "add", "e:ve")).returns(Exit.USAGE, CommandRun::exit);
        assertThat(run("x\n", "add", "#eve")).returns(Exit.USAGE, CommandRun::exit);
        assertThat(run("x\n", "add", "eve", "--send-as", "nonsense@"))
                .returns(Exit.DATA, CommandRun::exit);
        assertThat(run("x\n", "passwd", "eve")).returns(Exit.DATA, CommandRun::exit);
        assertThat(run("", "remove", "eve")).returns(Exit.DATA, CommandRun::exit);
        assertThat(CommandRun.of("user", "list")).returns(Exit.USAGE, CommandRun::exit);
        assertThat(Files.readString(file())).isEqualTo("bob:{PLAIN}b0b\n");
        Files.writeString(file(), "bob\n");
        CommandRun broken = run("x\n", "add", "eve");
        assertThat(broken.exit()).isEqualTo(Exit.CONFIG);
        assertThat(broken.err()).contains("PH-C025");
    }

    @Test
    void theFileOfAConfiguration() throws IOException {
        Path config = folder.resolve("posthouse.toml");
        Files.writeString(file(), "bob:{PLAIN}b0b\n");
        Files.writeString(
                config, "[listener.a]\nbind = \"127.0.0.1:0\"\n[auth]\nusers = \"file:users\"\n");
        assertThat(CommandRun.of("user", "list", "--config", config).out())
                .isEqualTo("bob  PLAIN\n");
        Files.writeString(config, "[listener.a]\nbind = \"127.0.0.1:0\"\n");
        assertThat(CommandRun.of("user", "list", "--config", config))
                .returns(Exit.CONFIG, CommandRun::exit);
    }
}
