package org.posthouse.server;

import org.posthouse.core.MailEvent;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TlsSettings;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/** The server's side of TLS: the certificate of now, and the handshake. */
final class Securing {
    private static final System.Logger LOG = System.getLogger(Securing.class.getName());

    private final Reception reception;
    private final Dialogue dialogue;
    private final LiveSession live;
    private final Wire wire;

    Securing(Reception reception, Dialogue dialogue, LiveSession live, Wire wire) {
        this.reception = reception;
        this.dialogue = dialogue;
        this.live = live;
        this.wire = wire;
    }

    /** The certificate of now; nothing when there is none, which operators are told. */
    Optional<SSLContext> context() {
        try {
            return reception.settings().tlsContext().map(s -> Objects.requireNonNull(s.get()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "no certificate to show", e);
            String text = "listener " + live.listener() + " has no certificate to show";
            reception
                    .events()
                    .emit(new MailEvent.Trouble(dialogue.now(), Codes.NO_CERTIFICATE, text));
            return Optional.empty();
        }
    }

    /** Shakes hands; false when that failed and the connection is of no further use. */
    boolean handshake(SSLContext context, Deadline deadline) throws SessionEnded {
        try {
            boolean asks = reception.settings().asksForClientCertificate();
            wire.secure(new TlsSettings.Server(context, asks), deadline);
            live.tls().ifPresent(facts -> tell(facts.version(), facts.cipher()));
            return true;
        } catch (IOException e) {
            live.checkEnd();
            LOG.log(System.Logger.Level.DEBUG, "TLS handshake failed", e);
            tell("", "");
            return false;
        }
    }

    private void tell(String version, String cipher) {
        reception
                .events()
                .emit(new MailEvent.SessionSecured(dialogue.now(), live.number(), version, cipher));
    }
}
