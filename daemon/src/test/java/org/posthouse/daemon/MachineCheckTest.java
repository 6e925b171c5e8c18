package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Certificates that {@code check} looks at. */
class MachineCheckTest {
    private static final String LISTENER = "data = \"data\"\n[listener.in]\nbind = \"unix:in\"\n";

    @TempDir Path folder;

    /** Writes a certificate that was made so many days ago; they are good for 800. */
    private void certificate(JdkPlatform platform, String name, int days) {
        SelfSigned made =
                SelfSigned.make(
                        "mail.shop.example",
                        platform.time().now().minus(Duration.ofDays(days)).plusSeconds(60),
                        platform.entropy());
        try {
            Files.writeString(folder.resolve(name + ".pem"), made.chain());
            Files.writeString(folder.resolve(name + ".key"), made.key());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String named(String section, String name) {
        return """
        %s
        certificate = "file:%2$s.pem"
        key = "file:%2$s.key"
        """
                .formatted(section, name);
    }

    @Test
    void thoseOfListenersAndOfRoutesEnd() throws IOException {
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            certificate(platform, "good", 1);
            certificate(platform, "soon", 790);
            certificate(platform, "over", 900);
            Path file = folder.resolve("posthouse.toml");
            Files.writeString(
                    file,
                    LISTENER
                            + named("[tls]", "good")
                            + named("[[route]]\nto = [\"*@a.example\"]", "soon")
                            + named("[[route]]\nto = [\"*@b.example\"]", "over")
                            + named("[[route]]\nto = [\"*@c.example\"]", "good"));
            var good = (Configuration.Good) Configuration.load(file, Map.of(), "mail.shop.example");
            assertThat(new MachineCheck(platform, good).find())
                    .filteredOn(each -> each.label().equals("certificate"))
                    .extracting(each -> each.code() + " " + each.text())
                    .satisfiesExactly(
                            each -> assertThat(each).isEqualTo(" good.pem ends in 799 days"),
                            each -> assertThat(each).isEqualTo("PH-T020 soon.pem ends in 10 days"),
                            each -> assertThat(each).startsWith("PH-T020 over.pem ended on "));
        }
    }
}
