package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.PosthouseBuilder.CertificateFiles;
import org.posthouse.core.MailEvent;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.TlsContexts;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.SSLContext;

/** Certificates that change while the server runs. */
class LiveCertificatesTest {
    private static final CertificateFiles FILES =
            new CertificateFiles(Path.of("/chain.pem"), Path.of("/key.pem"));

    @TempDir static Path directory;

    private static Pem first;
    private static Pem second;

    private final SimPlatform sim = new SimPlatform(1);
    private final List<MailEvent> events = new ArrayList<>();

    @BeforeAll
    static void make() throws Exception {
        first = Pem.make(directory.resolve("first.p12"));
        second = Pem.make(directory.resolve("second.p12"));
    }

    @BeforeEach
    void write() {
        sim.run(() -> put(first.chain(), first.key()));
    }

    @Test
    void newFilesAreNoticedAtAHandshakeAfterAWhile() {
        sim.run(
                () -> {
                    LiveCertificates<SSLContext> certificates = certificates();
                    SSLContext before = certificates.get();
                    put(second.chain(), second.key());
                    assertThat(certificates.get()).isSameAs(before);
                    sim.advance(LiveCertificates.LOOK_EVERY);
                    SSLContext after = certificates.get();
                    assertThat(after).isNotSameAs(before);
                    sim.advance(LiveCertificates.LOOK_EVERY);
                    assertThat(certificates.get()).as("unchanged").isSameAs(after);
                });
        assertThat(events).isEmpty();
    }

    @Test
    void aBrokenFileKeepsTheOldOneAndIsToldOnce() {
        sim.run(
                () -> {
                    LiveCertificates<SSLContext> certificates = certificates();
                    SSLContext before = certificates.get();
                    put(second.chain(), first.key());
                    for (int i = 0; i < 3; i++) {
                        sim.advance(LiveCertificates.LOOK_EVERY);
                        assertThat(certificates.get()).isSameAs(before);
                    }
                    assertThat(troubles())
                            .singleElement()
                            .asString()
                            .contains("/chain.pem", "does not belong", "read before is shown")
                            .doesNotContain("PRIVATE KEY");
                    put(second.chain(), second.key());
                    sim.advance(LiveCertificates.LOOK_EVERY);
                    assertThat(certificates.get()).isNotSameAs(before);
                });
    }

    @Test
    void aMissingFileKeepsTheOldOne() {
        sim.run(
                () -> {
                    LiveCertificates<SSLContext> certificates = certificates();
                    SSLContext before = certificates.get();
                    remove(FILES.key());
                    sim.advance(LiveCertificates.LOOK_EVERY);
                    assertThat(certificates.get()).isSameAs(before);
                });
        assertThat(troubles()).singleElement().asString().contains("/key.pem");
    }

    @Test
    void nothingStartsWithABrokenFile() {
        sim.run(
                () -> {
                    put("rubbish", first.key());
                    assertThatThrownBy(this::certificates)
                            .isInstanceOf(PosthouseException.class)
                            .hasMessageContaining("/chain.pem");
                });
    }

    private LiveCertificates<SSLContext> certificates() {
        return new LiveCertificates<>(
                sim, events::add, List.of(FILES), TlsContexts::fromPemsAsking);
    }

    private List<String> troubles() {
        return events.stream()
                .map(MailEvent.Trouble.class::cast)
                .map(MailEvent.Trouble::text)
                .toList();
    }

    private void put(String chain, String key) {
        try {
            put(FILES.chain(), chain);
            put(FILES.key(), key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove(Path path) {
        try {
            sim.disk().delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(Path path, String text) throws IOException {
        if (sim.disk().exists(path)) {
            sim.disk().delete(path);
        }
        try (DiskFile file = sim.disk().create(path)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
        }
    }

    /** A key and a self-signed certificate, made by the JDK's own tool for this test run. */
    record Pem(String chain, String key) {
        static Pem make(Path store) throws Exception {
            String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            String options =
                    "-genkeypair -alias own -keyalg EC -dname CN=mx.example -validity 2"
                            + " -storetype PKCS12 -storepass secret -keystore "
                            + store;
            List<String> command = new ArrayList<>(List.of(tool));
            command.addAll(List.of(options.split(" ")));
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor()).as(said).isZero();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (var in = Files.newInputStream(store)) {
                keys.load(in, "secret".toCharArray());
            }
            Key key = keys.getKey("own", "secret".toCharArray());
            return new Pem(
                    pem("CERTIFICATE", keys.getCertificate("own").getEncoded()),
                    pem("PRIVATE KEY", key.getEncoded()));
        }

        private static String pem(String kind, byte[] octets) {
            String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets);
            return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
        }
    }
}
