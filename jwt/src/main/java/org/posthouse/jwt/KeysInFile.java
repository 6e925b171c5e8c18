package org.posthouse.jwt;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The key set of a file, as the file is now. */
final class KeysInFile implements JWKSource<SecurityContext> {
    private static final Logger LOG = System.getLogger(KeysInFile.class.getName());

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile JWKSet keys;
    private volatile String stamp;

    KeysInFile(Path file) throws IOException {
        this.file = file;
        this.stamp = stamp();
        this.keys = read();
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
        String seen = stamp();
        if (!seen.equals(stamp)) {
            lock.lock();
            try {
                if (!seen.equals(stamp)) {
                    readAgain();
                    stamp = seen;
                }
            } finally {
                lock.unlock();
            }
        }
        return selector.select(keys);
    }

    private void readAgain() {
        try {
            keys = read();
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(
                    Level.WARNING,
                    "{0} has no keys; those that were there stay: {1}",
                    file,
                    e.getMessage());
        }
    }

    private JWKSet read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(KeySet.OCTETS_MAX + 1);
            if (octets.length > KeySet.OCTETS_MAX) {
                throw new IllegalArgumentException("too long for a key set");
            }
            return KeySet.parse(new String(octets, StandardCharsets.UTF_8));
        }
    }

    /** What changes with the file. */
    private String stamp() {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime()
                    + " "
                    + attributes.size()
                    + " "
                    + attributes.fileKey();
        } catch (IOException e) {
            return "gone";
        }
    }
}
