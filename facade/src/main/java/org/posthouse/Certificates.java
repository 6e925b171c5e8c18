package org.posthouse;

import org.posthouse.Posthouse.CertificateEnd;
import org.posthouse.PosthouseBuilder.CertificateFiles;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.TlsContexts;
import org.posthouse.platform.TlsContexts.Pem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

/** Reads certificate and key. */
final class Certificates {
    private static final System.Logger LOG = System.getLogger(Certificates.class.getName());
    private static final int FILE_OCTETS_MAX = 1 << 20;

    private Certificates() {}

    /** What the files hold: chain and key of each in turn. */
    static List<String> texts(Disk disk, List<CertificateFiles> files) {
        var texts = new ArrayList<String>();
        for (CertificateFiles each : files) {
            texts.add(text(disk, each.chain()));
            texts.add(text(disk, each.key()));
        }
        return texts;
    }

    /**
     * The same as pairs.
     *
     * @throws PosthouseException when one can't be used
     */
    static List<Pem> pems(List<CertificateFiles> files, List<String> texts) {
        var pems = new ArrayList<Pem>();
        for (int i = 0; i < files.size(); i++) {
            pems.add(new Pem(texts.get(2 * i), texts.get(2 * i + 1)));
            check(files.get(i), pems.getLast());
        }
        return pems;
    }

    /** Whose certificate a chain begins with, and until when it is good; or why nobody knows. */
    static String words(Disk disk, Path chain) {
        try {
            X509Certificate own = TlsContexts.certificates(text(disk, chain)).getFirst();
            LocalDate end = LocalDate.ofInstant(own.getNotAfter().toInstant(), ZoneOffset.UTC);
            return own.getSubjectX500Principal() + " (ends on " + end + ") if asked";
        } catch (PosthouseException | IllegalArgumentException e) {
            return "nothing: " + e.getMessage();
        }
    }

    /** So that what is wrong is told of the right files. */
    private static void check(CertificateFiles files, Pem pem) {
        try {
            SSLContext unused = TlsContexts.fromPems(List.of(pem));
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

    /** When they end; those that can't be read are left out. */
    static List<CertificateEnd> ends(Disk disk, List<CertificateFiles> files) {
        var ends = new ArrayList<CertificateEnd>();
        for (CertificateFiles each : files) {
            try {
                X509Certificate own = TlsContexts.certificates(text(disk, each.chain())).getFirst();
                ends.add(new CertificateEnd(each.chain(), own.getNotAfter().toInstant()));
            } catch (PosthouseException | IllegalArgumentException e) {
                LOG.log(System.Logger.Level.DEBUG, "no end of a certificate is known", e);
            }
        }
        return ends;
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
