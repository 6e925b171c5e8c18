package org.posthouse.jwt;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.LiveFile;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The key set of a file, as the file is now. */
final class KeysInFile implements JWKSource<SecurityContext> {
    private static final Logger LOG = System.getLogger(KeysInFile.class.getName());

    private final LiveFile<JWKSet> keys;

    KeysInFile(Path file) throws IOException {
        keys = LiveFile.reading(file, () -> read(file), trouble -> tell(file, trouble));
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
        return selector.select(keys.now());
    }

    private static void tell(Path file, Exception trouble) {
        LOG.log(
                Level.WARNING,
                "{0} has no keys; those that were there stay: {1}",
                file,
                trouble.getMessage());
    }

    private static JWKSet read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(KeySet.OCTETS_MAX + 1);
            if (octets.length > KeySet.OCTETS_MAX) {
                throw new IllegalArgumentException("too long for a key set");
            }
            return KeySet.parse(new String(octets, StandardCharsets.UTF_8));
        }
    }
}
