package org.posthouse.server;

import org.posthouse.core.Command;
import org.posthouse.core.ProtocolLimits;
import org.posthouse.platform.Deadline;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.SessionState.Receiving;
import org.posthouse.server.SessionState.Transacting;

import java.io.IOException;

/** Reads command lines: how long they may be, by when they must come, and what they say. */
final class CommandReader {
    private final Reception reception;
    private final LiveSession live;
    private final Wire wire;

    CommandReader(Reception reception, LiveSession live, Wire wire) {
        this.reception = reception;
        this.live = live;
        this.wire = wire;
    }

    /** Waits for a line; false when it was too long and is gone. */
    boolean next(Deadline deadline) throws IOException {
        if (live.current() instanceof Receiving receiving) {
            Deadline earlier = deadline.earlier(receiving.content().clock().deadline());
            return wire.readLine(ProtocolLimits.COMMAND_LINE_OCTETS_MAX, earlier);
        }
        int octetsMax =
                mayLogIn()
                        ? ProtocolLimits.AUTH_LINE_OCTETS_MAX
                        : ProtocolLimits.COMMAND_LINE_OCTETS_MAX;
        return wire.readCommand(octetsMax, deadline);
    }

    /** The line as a command. */
    Command parse() {
        boolean smtpUtf8 =
                live.current() instanceof Transacting t && t.transaction().options().smtpUtf8();
        return reception
                .rules()
                .parser(!live.login().isEmpty())
                .parse(wire.buffer(), wire.lineFrom(), wire.lineTo(), smtpUtf8);
    }

    /** True when the line is longer than its command may be: only AUTH may be that long. */
    boolean isTooLongFor(Command command) {
        int octets = wire.lineTo() - wire.lineFrom() + 2;
        return octets > ProtocolLimits.COMMAND_LINE_OCTETS_MAX && !command.verb().equals("AUTH");
    }

    private boolean mayLogIn() {
        return reception.settings().auth() != Auth.OFF
                && wire.isSecured()
                && live.login().isEmpty();
    }
}
