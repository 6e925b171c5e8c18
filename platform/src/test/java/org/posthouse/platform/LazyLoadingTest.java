package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A daemon starts often and asks seldom: the resolver is loaded by the first question. */
class LazyLoadingTest {
    /** Run in a JVM of its own; any argument makes it ask. */
    static final class Start {
        private Start() {}

        public static void main(String[] arguments) {
            var nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            var settings = new DnsSettings(List.of(nobody), Duration.ofMillis(50), 10);
            try (var platform = JdkPlatform.create(settings)) {
                if (arguments.length > 0) {
                    platform.dns().mx(arguments[0]);
                }
            }
        }
    }

    @Test
    void dnsjavaIsLoadedByTheFirstQuestion() throws Exception {
        assertThat(loadedBy())
                .contains("org.posthouse.platform.JdkDns ")
                .doesNotContain("org.xbill")
                .doesNotContain("org.slf4j");
        assertThat(loadedBy("a.example")).contains("org.xbill.DNS.Message ");
    }

    private static String loadedBy(String... arguments) throws Exception {
        String path =
                System.getProperty("jdk.module.path", "")
                        + File.pathSeparator
                        + System.getProperty("java.class.path");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xlog:class+load",
                                "-cp",
                                path,
                                Start.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
