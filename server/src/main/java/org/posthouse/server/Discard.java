package org.posthouse.server;

import org.posthouse.core.Command;
import org.posthouse.core.Notify;
import org.posthouse.core.Ret;
import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Keywords of EHLO that some clients are not told of, since they can't cope with them. What is not
 * offered is not accepted either.
 *
 * @param clients networks
 * @param keywords such as {@code CHUNKING}, in upper case
 * @since 0.1
 */
public record Discard(List<IpNetwork> clients, List<String> keywords) {
    /** Copies the lists; keywords come in any case. */
    public Discard {
        clients = List.copyOf(clients);
        keywords = keywords.stream().map(k -> k.toUpperCase(Locale.ROOT)).toList();
    }

    /** The keywords that are not for this client. */
    static List<String> of(List<Discard> all, IpAddress client) {
        if (all.isEmpty()) {
            return List.of();
        }
        var keywords = new ArrayList<String>();
        for (Discard each : all) {
            if (each.clients.stream().anyMatch(network -> network.contains(client))) {
                keywords.addAll(each.keywords);
            }
        }
        return List.copyOf(keywords);
    }

    /** The keyword that a command needs; empty when it needs none. */
    static String neededBy(Command command) {
        return switch (command) {
            case Command.Bdat b -> "CHUNKING";
            case Command.StartTls s -> "STARTTLS";
            case Command.Auth a -> "AUTH";
            case Command.Mail m when m.options().smtpUtf8() -> "SMTPUTF8";
            case Command.Mail m
                    when m.options().ret() != Ret.UNSPECIFIED
                            || !m.options().envelopeId().isEmpty() ->
                    "DSN";
            case Command.Rcpt r
                    when !r.recipient().notifyOn().equals(Notify.UNSPECIFIED)
                            || !r.recipient().originalRecipient().isEmpty() ->
                    "DSN";
            case Command.Malformed m when m.verb().equals("BDAT") -> "CHUNKING";
            case Command.Malformed m when m.verb().equals("STARTTLS") -> "STARTTLS";
            case Command.Malformed m when m.verb().equals("AUTH") -> "AUTH";
            case Command.Mail m -> "";
            case Command.Rcpt r -> "";
            case Command.Malformed m -> "";
            case Command.Helo h -> "";
            case Command.Ehlo e -> "";
            case Command.Lhlo l -> "";
            case Command.Data d -> "";
            case Command.Rset r -> "";
            case Command.Noop n -> "";
            case Command.Help h -> "";
            case Command.Vrfy v -> "";
            case Command.Expn e -> "";
            case Command.Quit q -> "";
            case Command.Unknown u -> "";
        };
    }

    /** The lines of a reply to EHLO without these keywords. */
    static List<String> without(List<String> keywords, List<String> lines) {
        var left = new ArrayList<String>();
        left.add(lines.getFirst());
        for (String line : lines.subList(1, lines.size())) {
            if (!keywords.contains(line.split(" ", 2)[0])) {
                left.add(line);
            }
        }
        return left;
    }
}
