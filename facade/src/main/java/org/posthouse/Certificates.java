package org.posthouse;

import org.posthouse.PosthouseBuilder.CertificateFiles;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.TlsContexts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import javax.net.ssl.SSLContext;

/** Reads certificate and key. */
final class Certificates {
    private static final int FILE_OCTETS_MAX = 1 << 20;

    private Certificates() {}

    static SSLContext read(Disk disk, CertificateFiles files) {
        String chain = text(disk, files.chain());
        String key = text(disk, files.key());
        try {
            return TlsContexts.fromPem(chain, key);
        } catch (IllegalArgumentException e) {
            throw new PosthouseException(
                    "PH-T001",
                    "certificate "
                            + files.chain()
                            + " with key "
                            + files.key()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static String text(Disk disk, Path path) {
        try (DiskFile file = disk.openRead(path)) {
            if (file.size() > FILE_OCTETS_MAX) {
                throw new PosthouseException("PH-T002", path + " is too large for a PEM file");
            }
            ByteBuffer octets = ByteBuffer.allocate((int) file.size());
            file.read(octets, 0);
            return new String(octets.array(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new PosthouseException(
                    "PH-T002", "can't read " + path + ": " + e.getMessage(), e);
        }
    }
}
