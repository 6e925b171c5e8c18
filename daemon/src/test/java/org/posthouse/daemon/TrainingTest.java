package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

class TrainingTest {
    private static final int MESSAGES = 300;

    @TempDir Path folder;

    private static TrainedJvm jvm(int version, String classPath) {
        return new TrainedJvm(
                version,
                Path.of("/opt/java/bin/java"),
                List.of("-Xmx64m"),
                classPath,
                Path.of("lib"));
    }

    /** In a process of its own: it takes signals over, and ends its JVM. */
    @Test
    void allMailThatIsTakenArrives() throws Exception {
        Path place = Files.createDirectory(folder.resolve("training"));
        Path log = folder.resolve("log");
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Training.class.getName(),
                        place.toString(),
                        Integer.toString(MESSAGES));
        Path out = folder.resolve("out");
        Process process =
                new ProcessBuilder(command)
                        .redirectError(log.toFile())
                        .redirectOutput(out.toFile())
                        .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
            assertThat(Files.readString(out)).matches("taken (2\\d\\d), relayed \\1\n");
            assertThat(Files.readString(log))
                    .contains(
                            "550 5.1.1",
                            "version=TLSv1.3",
                            "login=ada mechanism=SCRAM",
                            "stopped: what is not delivered")
                    .doesNotContain("Exception", "error[", "Unknown option", "session 0:");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void olderJavasMakeNone() {
        assertThat(jvm(24, "pom.xml").unfit())
                .isEqualTo("this is Java 24 (/opt/java/bin/java); caches need Java 25 or newer");
    }

    @Test
    void foldersOfClassesMakeNone() {
        assertThat(jvm(25, "pom.xml:target").unfit()).contains("classes come from folders");
        assertThat(jvm(25, "pom.xml").unfit()).isEmpty();
    }

    @Test
    void othersAreStartedAsThisOneWas() {
        assertThat(jvm(25, "a.jar:b.jar").command(List.of("-XX:AOTCache=x"), "M", List.of("1")))
                .containsExactly(
                        "/opt/java/bin/java",
                        "-Xmx64m",
                        "-XX:AOTCache=x",
                        "-cp",
                        "a.jar:b.jar",
                        "M",
                        "1");
    }

    @Test
    void settingsThatAreAboutCachesAreNotHandedOn() {
        assertThat(TrainedJvm.ofThisProcess().settings())
                .noneMatch(each -> each.startsWith("-Xshare") || each.startsWith("-XX:AOT"));
    }

    @Test
    void theCommandSaysWhyItCannot() {
        CommandRun run = CommandRun.of("install-cache");
        assertThat(run.exit()).isEqualTo(Exit.UNAVAILABLE);
        assertThat(run.err()).contains("error[PH-S069]: ", "help: posthouse help PH-S069");
        assertThat(run.out()).isEmpty();
    }
}
