package org.posthouse.server;

import org.posthouse.core.Envelope;
import org.posthouse.core.Origin;
import org.posthouse.core.ReceivedField;
import org.posthouse.platform.TlsFacts;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.SessionState.Receiving;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** What a message keeps of its session: its origin, and the trace field on top of it. */
final class Trace {
    private static final byte[] CRLF = {'\r', '\n'};

    private final ListenerSettings settings;
    private final LiveSession live;

    Trace(ListenerSettings settings, LiveSession live) {
        this.settings = settings;
        this.live = live;
    }

    Origin origin(Receiving from) {
        boolean tls = live.tls().isPresent();
        boolean auth = !live.login().isEmpty();
        boolean smtpUtf8 = from.transaction().options().smtpUtf8();
        String protocol =
                settings.protocol() == Protocol.LMTP
                        ? ReceivedField.lmtpProtocol(tls, auth, smtpUtf8)
                        : ReceivedField.protocol(from.peer().extended(), tls, auth, smtpUtf8);
        return new Origin(
                settings.name(),
                live.clientAddress().toString(),
                from.heloName(),
                live.login(),
                protocol);
    }

    /** The Received field, when the listener adds one, and below it what the policy added. */
    byte[] prefix(Origin origin, Envelope envelope, Instant at, List<String> addedFields) {
        byte[] received = settings.receivedField() ? received(origin, envelope, at) : new byte[0];
        if (addedFields.isEmpty()) {
            return received;
        }
        var prefix = new ByteArrayOutputStream();
        prefix.writeBytes(received);
        for (String field : addedFields) {
            prefix.writeBytes(field.getBytes(StandardCharsets.UTF_8));
            prefix.writeBytes(CRLF);
        }
        return prefix.toByteArray();
    }

    /** These fields as a header section of their own: with the empty line that ends it. */
    static byte[] closed(byte[] fields) {
        if (fields.length == 0) {
            return fields;
        }
        byte[] section = Arrays.copyOf(fields, fields.length + CRLF.length);
        System.arraycopy(CRLF, 0, section, fields.length, CRLF.length);
        return section;
    }

    private byte[] received(Origin origin, Envelope envelope, Instant at) {
        String tls = live.tls().map(Trace::words).orElse("");
        String client = live.tls().map(Trace::client).orElse("");
        return new ReceivedField(origin, settings.hostname(), "", tls, client, envelope, at)
                .octets();
    }

    /** Who showed it is not known by its subject, but by its fingerprint. */
    private static String client(TlsFacts facts) {
        return facts.peerCertificate()
                .map(each -> facts.peerFingerprint() + " " + each.getSubjectX500Principal())
                .orElse("");
    }

    private static String words(TlsFacts facts) {
        return facts.version() + " with cipher " + facts.cipher();
    }
}
