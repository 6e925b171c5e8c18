package org.posthouse.server;

import org.posthouse.core.Command;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.TimeSource;
import org.posthouse.server.SessionState.Identified;

import java.io.IOException;
import java.time.Duration;

/**
 * Whose turn it is to talk. A mail client waits where it has to; those that do not are programs
 * that write a whole session at once, and clients whose content was made to hold commands.
 *
 * <table>
 * <caption>What must not follow before the reply</caption>
 * <tr><th>after</th><th>nothing may follow because of</th></tr>
 * <tr><td>the connection, until the greeting</td><td>RFC 5321 section 4.3.1</td></tr>
 * <tr><td>HELO, EHLO, LHLO, and DATA</td><td>RFC 2920 section 3.1</td></tr>
 * <tr><td>any command but BDAT, where PIPELINING was not offered</td><td>RFC 5321 section 4.3.1</td></tr>
 * </table>
 *
 * <p>Clients of this machine, exempt ones and those who have logged in are trusted to know what
 * they do.
 */
final class Turns {
    static final String PIPELINING = "PIPELINING";

    private final Reception reception;
    private final LiveSession live;
    private final Wire wire;
    private final Patience patience;

    Turns(Reception reception, LiveSession live, Wire wire, Patience patience) {
        this.reception = reception;
        this.live = live;
        this.wire = wire;
        this.patience = patience;
    }

    /** True when the client talks before the greeting; it is given some time to do so. */
    boolean isBrokenBeforeGreeting() throws IOException {
        Duration pause = reception.settings().greetingPause();
        if (!isChecked()) {
            return false;
        }
        if (wire.hasInput() || pause.isZero()) {
            return wire.hasInput();
        }
        return comesWithin(pause);
    }

    /** Waits in steps: after a longer one that ends in vain, nothing can be read any more. */
    private boolean comesWithin(Duration pause) throws IOException {
        TimeSource time = reception.platform().time();
        Deadline end = time.after(pause);
        Deadline step;
        do {
            step = end.earlier(time.after(Connection.RESUMABLE_MAX));
            try {
                wire.awaitInput(step);
                return true;
            } catch (DeadlineExceeded e) {
                // and on, until the end
            }
        } while (!step.equals(end));
        return false;
    }

    /**
     * True when the client has talked on behind a command whose reply it had to wait for.
     *
     * @param isOffered whether PIPELINING was not kept from this client
     */
    boolean isBrokenBehind(Command command, boolean isOffered) {
        return mustWait(command, live.current(), isOffered) && isChecked() && wire.hasInput();
    }

    static boolean mustWait(Command command, SessionState state, boolean isOffered) {
        return switch (command) {
            case Command.Helo h -> true;
            case Command.Ehlo e -> true;
            case Command.Lhlo l -> true;
            case Command.Data d -> true;
            case Command.Bdat b -> false; // its octets are part of it
            default -> !isOffered || !hasExtensions(state);
        };
    }

    private static boolean hasExtensions(SessionState state) {
        return switch (state) {
            case Identified i -> i.extended();
            case SessionState.Transacting t -> t.peer().extended();
            case SessionState.Receiving r -> r.peer().extended();
            case SessionState.Connected c -> true; // what follows is refused or a hello
            case SessionState.Closing c -> true;
        };
    }

    private boolean isChecked() {
        return reception.settings().refusesEarlyTalk()
                && patience.isStranger()
                && !live.client().getAddress().isLoopbackAddress();
    }
}
