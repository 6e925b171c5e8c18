package org.posthouse.platform;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Certificates with their keys. A server shows the first that has the name which the client asks
 * for (RFC 6066 section 3), by exact name or by a {@code *} for its first label, and the first of
 * all when none has it, or when no name is asked for.
 */
final class NamedKeys extends X509ExtendedKeyManager {
    private final List<Entry> entries = new ArrayList<>();

    /** A certificate: its chain, its key, and its names in lower case. */
    private record Entry(List<X509Certificate> chain, PrivateKey key, List<String> names) {
        boolean has(String name) {
            return CertificateNames.isAmong(name, names);
        }
    }

    void add(List<X509Certificate> chain, PrivateKey key) {
        entries.add(new Entry(List.copyOf(chain), key, CertificateNames.of(chain.getFirst())));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return choose(keyType, engine.getHandshakeSession());
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null);
    }

    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        List<String> asked = askedFor(session);
        boolean isKnown = entries.stream().anyMatch(e -> asked.stream().anyMatch(e::has));
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            boolean isMeant = !isKnown || asked.stream().anyMatch(entry::has);
            if (isMeant && entry.key().getAlgorithm().equals(keyType)) {
                return Integer.toString(i);
            }
        }
        return null;
    }

    private static List<String> askedFor(@Nullable SSLSession session) {
        List<String> names = new ArrayList<>();
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    names.add(host.getAsciiName().toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return chooseClientAlias(keyTypes, issuers, null);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        for (String keyType : keyTypes) {
            for (int i = 0; i < entries.size(); i++) {
                if (entries.get(i).key().getAlgorithm().equals(keyType)) {
                    return Integer.toString(i);
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return entry(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return entry(alias).key();
    }

    private Entry entry(String alias) {
        return entries.get(Integer.parseInt(alias));
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }
}
