package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.Command;

import java.nio.file.Path;
import java.util.Optional;

class CommandsTest {
    @Test
    void eachIsCalledByTheNameThatItsHelpShows() {
        Commands.called()
                .forEach(
                        (name, command) ->
                                assertThat(command.getAnnotation(Command.class).name())
                                        .isEqualTo(name));
    }

    @Test
    void aLineThatBeginsWithOneKnowsNoOther() {
        assertThat(Commands.called("check", "--config", "x")).containsOnlyKeys("check");
        assertThat(Main.commandLine("msg", "list").getSubcommands()).containsOnlyKeys("msg");
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "chek", ""})
    void whatShowsOrSuggestsCommandsKnowsAll(String first) {
        assertThat(Main.commandLine(first).getSubcommands()).hasSize(22).containsKey("run");
    }

    @Test
    void aWrongNameIsStillAnsweredWithTheRightOne() {
        CommandRun run = CommandRun.of("chek");
        assertThat(run.exit()).isEqualTo(Exit.USAGE);
        assertThat(run.err()).contains("check");
    }

    @Test
    void runAsServicesCallItIsReadDirectly() {
        assertThat(RunCommand.Plain.of("run")).contains(new RunCommand.Plain(Optional.empty()));
        assertThat(RunCommand.Plain.of("run", "--config", "/etc/p.toml"))
                .contains(new RunCommand.Plain(Optional.of(Path.of("/etc/p.toml"))));
    }

    @Test
    void whateverElseIsLeftToPicocli() {
        assertThat(RunCommand.Plain.of()).isEmpty();
        assertThat(RunCommand.Plain.of("run", "--help")).isEmpty();
        assertThat(RunCommand.Plain.of("run", "--config")).isEmpty();
        assertThat(RunCommand.Plain.of("run", "--config", "@file")).isEmpty();
        assertThat(RunCommand.Plain.of("run", "--config", "--help")).isEmpty();
        assertThat(RunCommand.Plain.of("run", "--config", "")).isEmpty();
        assertThat(RunCommand.Plain.of("run", "--confg", "file")).isEmpty();
        assertThat(RunCommand.Plain.of("check", "--config", "file")).isEmpty();
        assertThat(RunCommand.Plain.of("run", "--config", "file", "more")).isEmpty();
    }
}
