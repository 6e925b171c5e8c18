package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;
import org.posthouse.core.Dialogue;
import org.posthouse.core.Reply;
import org.posthouse.platform.TlsFacts;
import org.posthouse.relay.Probe;
import org.posthouse.relay.Probe.End;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a probe found, for people and for programs. */
final class ProbeText {
    private static final long MICROS = 1000;

    private final Terminal terminal;

    ProbeText(Terminal terminal) {
        this.terminal = terminal;
    }

    String write(Probe.Result result) {
        return switch (result) {
            case Probe.Result.Nowhere nowhere ->
                    paint(Mark.REFUSE, "nowhere") + "  " + text(nowhere.reply()) + "\n";
            case Probe.Result.Walked walked -> {
                var text = new StringBuilder();
                walked.tried().forEach(each -> host(text, each));
                yield text.toString();
            }
        };
    }

    private void host(StringBuilder text, Probe.Tried tried) {
        text.append(tried.host()).append(" (").append(tried.preference()).append(")  ");
        text.append(Daemon.place(tried.address())).append('\n');
        line(text, "policy", ProbeCommand.wanted(tried.level()));
        switch (tried.end()) {
            case End.Ready ready -> {
                dialogue(text, ready.dialogue());
                line(text, "tls", ready.tls().map(ProbeText::facts).orElse("none: clear text"));
                ready.tls()
                        .flatMap(TlsFacts::peerCertificate)
                        .ifPresent(each -> line(text, "certificate", certificate(each)));
                line(text, "result", paint(Mark.OK, "would take a message now"));
            }
            case End.Failed failed -> {
                dialogue(text, failed.dialogue());
                line(text, "result", paint(Mark.REFUSE, "fails") + ": " + text(failed.reply()));
            }
            case End.Unreachable unreachable ->
                    line(
                            text,
                            "result",
                            paint(Mark.REFUSE, "no connection") + ": " + unreachable.why());
            case End.Avoided avoided ->
                    line(
                            text,
                            "result",
                            paint(Mark.REFUSE, "not talked to") + ": " + avoided.why());
        }
        text.append('\n');
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append("  ").append(label).append(" ".repeat(13 - label.length()));
        text.append(value).append('\n');
    }

    private static void dialogue(StringBuilder text, Dialogue dialogue) {
        for (Dialogue.Line each : dialogue.lines()) {
            text.append("  ").append(mark(each.speaker())).append(' ').append(each.text());
            text.append('\n');
        }
    }

    private static String mark(Dialogue.Speaker speaker) {
        return switch (speaker) {
            case CLIENT -> "C";
            case SERVER -> "S";
            case NOTE -> "-";
        };
    }

    private static String facts(TlsFacts facts) {
        return facts.version() + ", " + facts.cipher();
    }

    private static String certificate(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName()
                + ", by "
                + certificate.getIssuerX500Principal().getName()
                + ", ends "
                + certificate.getNotAfter().toInstant();
    }

    private static String text(Reply reply) {
        return reply.code() + " " + String.join(" ", reply.lines());
    }

    private String paint(Mark mark, String text) {
        return terminal.paint().paint(mark, text);
    }

    /** One object a line. */
    static String json(Probe.Result result) {
        return switch (result) {
            case Probe.Result.Nowhere nowhere ->
                    JsonLine.of(
                                    to ->
                                            to.text("result", "nowhere")
                                                    .text("reply", text(nowhere.reply())))
                            + "\n";
            case Probe.Result.Walked walked -> {
                var text = new StringBuilder();
                walked.tried().forEach(each -> text.append(json(each)).append('\n'));
                yield text.toString();
            }
        };
    }

    private static String json(Probe.Tried tried) {
        return JsonLine.of(
                to -> {
                    to.text("host", tried.host())
                            .number("preference", tried.preference())
                            .text("address", Daemon.place(tried.address()))
                            .text("policy", tried.level().name().toLowerCase(Locale.ROOT));
                    switch (tried.end()) {
                        case End.Ready ready -> {
                            to.text("result", "ready");
                            ready.tls().ifPresent(facts -> tls(to, facts));
                            lines(to, ready.dialogue());
                        }
                        case End.Failed failed -> {
                            to.text("result", "failed").text("reply", text(failed.reply()));
                            lines(to, failed.dialogue());
                        }
                        case End.Unreachable unreachable ->
                                to.text("result", "unreachable").text("why", unreachable.why());
                        case End.Avoided avoided ->
                                to.text("result", "avoided").text("why", avoided.why());
                    }
                });
    }

    private static void tls(JsonLine to, TlsFacts facts) {
        to.text("tls", facts.version()).text("cipher", facts.cipher());
        Optional<X509Certificate> own = facts.peerCertificate();
        own.ifPresent(
                each ->
                        to.text("subject", each.getSubjectX500Principal().getName())
                                .text("issuer", each.getIssuerX500Principal().getName())
                                .text("ends", each.getNotAfter().toInstant().toString()));
    }

    private static void lines(JsonLine to, Dialogue dialogue) {
        List<Dialogue.Line> lines = dialogue.lines();
        to.objects(
                "dialogue",
                lines,
                (json, line) ->
                        json.number("after_us", line.at().toNanos() / MICROS)
                                .text("by", line.speaker().name().toLowerCase(Locale.ROOT))
                                .text("text", line.text()));
    }
}
