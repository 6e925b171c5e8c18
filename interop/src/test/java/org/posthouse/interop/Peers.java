package org.posthouse.interop;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What the servers of others have in common. */
final class Peers {
    /** Where programs lie whose packages can't be installed beside each other; see .ci/run. */
    static final Path UNPACKED =
            Path.of(System.getenv().getOrDefault("POSTHOUSE_PEERS", "/var/cache/posthouse-peers"));

    private Peers() {}

    static boolean hasUser(String name) {
        try {
            Path.of("/")
                    .getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(name);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Makes {@code peer.pem} and {@code peer.key} for a host; a test without openssl is skipped.
     */
    static void certificate(Path folder, String host) {
        String openssl = SubProcess.find("/usr/bin/openssl");
        assumeFalse(openssl.isEmpty(), "openssl is not installed");
        SubProcess made =
                SubProcess.run(
                        folder,
                        openssl,
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=" + host,
                        "-addext",
                        "subjectAltName=DNS:" + host,
                        "-keyout",
                        "peer.key",
                        "-out",
                        "peer.pem");
        assumeTrue(made.exitCode() == 0, made.text());
    }

    static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    /** Lets other users look into a folder below /tmp. */
    static void open(Path folder) throws IOException {
        for (Path up = folder; up != null; up = up.getParent()) {
            if (up.startsWith("/tmp/") && Files.getOwner(up).getName().equals("root")) {
                Files.setPosixFilePermissions(up, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    static void own(Path path, String user) throws IOException {
        Files.setOwner(
                path,
                path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
    }
}
