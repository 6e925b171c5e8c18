package org.posthouse;

import org.posthouse.PosthouseBuilder.CertificateFiles;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TlsContexts;
import org.posthouse.platform.TlsContexts.Pem;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Route;
import org.posthouse.relay.RelayTls;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/**
 * What is trusted of next hops, and shown to them: a pair of contexts for each certificate of the
 * routes in force. An attempt by a route that is gone reads its certificate for itself.
 */
final class OwnCertificates implements RelayTls {
    private final Platform platform;
    private final MailEvents events;
    private final Supplier<SSLContext> verifying = new Once<>(TlsContexts::systemTrust);
    private final Supplier<SSLContext> anything = new Once<>(TlsContexts::trustAll);
    private volatile Map<OwnCertificate, Supplier<Contexts>> known = Map.of();

    /**
     * Those of the first rules.
     *
     * @throws PosthouseException when one can't be read or used
     */
    OwnCertificates(Platform platform, MailEvents events, PolicySet rules) {
        this.platform = platform;
        this.events = events;
        use(read(rules));
    }

    /** Both that a handshake may take. */
    private record Contexts(SSLContext verifying, SSLContext anything) {
        static Contexts of(List<Pem> pems) {
            return new Contexts(TlsContexts.fromPems(pems), TlsContexts.fromPemsAsking(pems));
        }
    }

    /** Certificates that were read, to be {@link #use used}. */
    record Read(Map<OwnCertificate, Supplier<Contexts>> all) {}

    /**
     * Reads those of these rules that are not known yet; nothing changes.
     *
     * @throws PosthouseException when one can't be read or used
     */
    Read read(PolicySet rules) {
        var all = new HashMap<OwnCertificate, Supplier<Contexts>>();
        for (Route route : rules.routes()) {
            OwnCertificate shown = route.certificate();
            if (!shown.isNone() && !all.containsKey(shown)) {
                Supplier<Contexts> before = known.get(shown);
                all.put(shown, before == null ? live(shown) : before);
            }
        }
        return new Read(all);
    }

    /** From now on those are known, and no others. */
    void use(Read read) {
        known = Map.copyOf(read.all());
    }

    private Supplier<Contexts> live(OwnCertificate shown) {
        var files = List.of(new CertificateFiles(shown.chain(), shown.key()));
        return new LiveCertificates<>(platform, events, files, Contexts::of);
    }

    @Override
    public SSLContext context(OwnCertificate shown, boolean verifies) {
        if (shown.isNone()) {
            return (verifies ? verifying : anything).get();
        }
        Supplier<Contexts> found = known.get(shown);
        Contexts contexts = (found == null ? live(shown) : found).get();
        return verifies ? contexts.verifying() : contexts.anything();
    }
}
