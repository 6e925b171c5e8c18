package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Posthouse as a package has it (the launcher beside its jars), with a cache made there. */
@Tag("interop")
@EnabledForJreRange(minVersion = 25, disabledReason = "caches need Java 25")
class InstallCacheTest {
    private static final Duration MADE_WITHIN = Duration.ofMinutes(3);
    private static final String SHARED = "org.posthouse.daemon.Main source: shared objects file";

    /** With a space, which no path of a launcher may break at. */
    @TempDir static Path folder;

    private static Path home;
    private static Path cache;

    @BeforeAll
    static void makeIt() throws IOException {
        Path lib = Path.of(System.getProperty("posthouse.lib", "../daemon/target/lib"));
        assumeTrue(Files.isDirectory(lib), "nothing is packaged in " + lib);
        home = Files.createDirectories(folder.resolve("the package"));
        Path launcher = Path.of(System.getProperty("posthouse.root", ".."), "posthouse");
        Files.copy(launcher, home.resolve("posthouse"), StandardCopyOption.COPY_ATTRIBUTES);
        Path copied = Files.createDirectory(home.resolve("lib"));
        try (Stream<Path> jars = Files.list(lib)) {
            for (Path jar : jars.filter(each -> each.toString().endsWith(".jar")).toList()) {
                Files.copy(jar, copied.resolve(jar.getFileName().toString()));
            }
        }
        cache = copied.resolve("posthouse.aot");
        SubProcess made = start(Map.of(), "install-cache", "--messages", "300");
        assertThat(made.waitFor(MADE_WITHIN)).as(made.text()).isZero();
        assertThat(made.out()).startsWith("made " + cache);
    }

    private static SubProcess start(Map<String, String> environment, String... words) {
        var all = new HashMap<>(environment);
        all.put("JAVA_HOME", System.getProperty("java.home"));
        String[] command =
                Stream.concat(Stream.of(home.resolve("posthouse").toString()), Stream.of(words))
                        .toArray(String[]::new);
        return SubProcess.start(folder, all, command);
    }

    private static SubProcess version(String options) {
        SubProcess started = start(Map.of("JAVA_OPTS", options), "--version");
        assertThat(started.waitFor(Await.LONG)).as(started.text()).isZero();
        return started;
    }

    private static boolean isUsed() throws IOException {
        Path log = folder.resolve("classes");
        version("-Xlog:class+load:file=" + log.toAbsolutePath());
        boolean used = Files.readString(log).contains(SHARED);
        Files.delete(log);
        return used;
    }

    private static void saysTheVersionAlone(String options) {
        SubProcess started = version(options);
        assertThat(started.out()).matches("posthouse \\S.*\n");
        assertThat(started.err()).isEmpty();
    }

    @Test
    void theNextStartUsesIt() throws IOException {
        assertThat(isUsed()).isTrue();
        saysTheVersionAlone("");
    }

    @Test
    void nothingElseIsLeftBesideTheJars() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            assertThat(files.filter(each -> !each.toString().endsWith(".jar")))
                    .containsExactly(cache);
        }
    }

    @Test
    void whoRunsTheDaemonMayReadIt() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void oneThatIsCutShortIsPutAsideInSilence() throws IOException {
        byte[] whole = Files.readAllBytes(cache);
        try {
            Files.write(cache, Arrays.copyOf(whole, whole.length / 2));
            assertThat(isUsed()).isFalse();
            saysTheVersionAlone("");
            Files.write(cache, new byte[0]);
            saysTheVersionAlone("");
            Files.write(cache, new byte[whole.length]);
            saysTheVersionAlone("");
        } finally {
            Files.write(cache, whole);
        }
        assertThat(isUsed()).isTrue();
    }

    @Test
    void otherOptionsThanItWasMadeWithStartWithoutIt() {
        saysTheVersionAlone("-XX:-UseCompactObjectHeaders");
        saysTheVersionAlone("-XX:-UseSerialGC -XX:+UseG1GC");
        saysTheVersionAlone("-Xshare:off");
    }

    @Test
    void aTrainingThatFailsLeavesTheOneThatWasThere() throws IOException {
        byte[] before = Files.readAllBytes(cache);
        SubProcess failed = start(Map.of("JAVA_OPTS", "-Djava.io.tmpdir=/proc"), "install-cache");
        assertThat(failed.waitFor(Await.LONG)).as(failed.text()).isEqualTo(70);
        assertThat(failed.err()).contains("error[PH-S071]: ");
        assertThat(Files.readAllBytes(cache)).isEqualTo(before);
        nothingElseIsLeftBesideTheJars();
    }
}
