package org.posthouse.core;

/**
 * A command line, parsed (RFC 5321 section 4.1.1 and the extensions we speak). Every line of octets
 * is one of these: what can't be understood is {@link Unknown} or {@link Malformed}.
 *
 * @since 0.1
 */
public sealed interface Command {
    /** The verb in upper case, for tables and logs. */
    String verb();

    /** HELO; the name in printable ASCII, with a question mark for each other character. */
    record Helo(String name) implements Command {
        @Override
        public String verb() {
            return "HELO";
        }
    }

    /** EHLO; the name in printable ASCII, with a question mark for each other character. */
    record Ehlo(String name) implements Command {
        @Override
        public String verb() {
            return "EHLO";
        }
    }

    /** LHLO (RFC 2033); the name as that of {@link Helo}. */
    record Lhlo(String name) implements Command {
        @Override
        public String verb() {
            return "LHLO";
        }
    }

    /** MAIL FROM. */
    record Mail(ReversePath reversePath, MailOptions options) implements Command {
        @Override
        public String verb() {
            return "MAIL";
        }
    }

    /** RCPT TO. */
    record Rcpt(Recipient recipient) implements Command {
        @Override
        public String verb() {
            return "RCPT";
        }
    }

    /** DATA. */
    record Data() implements Command {
        @Override
        public String verb() {
            return "DATA";
        }
    }

    /** BDAT (RFC 3030): this many octets follow the line. */
    record Bdat(long octets, boolean last) implements Command {
        @Override
        public String verb() {
            return "BDAT";
        }
    }

    /** RSET. */
    record Rset() implements Command {
        @Override
        public String verb() {
            return "RSET";
        }
    }

    /** NOOP. */
    record Noop() implements Command {
        @Override
        public String verb() {
            return "NOOP";
        }
    }

    /** HELP with its topic, which may be empty. */
    record Help(String topic) implements Command {
        @Override
        public String verb() {
            return "HELP";
        }
    }

    /** VRFY. */
    record Vrfy(String name) implements Command {
        @Override
        public String verb() {
            return "VRFY";
        }
    }

    /** EXPN. */
    record Expn(String list) implements Command {
        @Override
        public String verb() {
            return "EXPN";
        }
    }

    /** QUIT. */
    record Quit() implements Command {
        @Override
        public String verb() {
            return "QUIT";
        }
    }

    /** STARTTLS (RFC 3207). */
    record StartTls() implements Command {
        @Override
        public String verb() {
            return "STARTTLS";
        }
    }

    /**
     * AUTH (RFC 4954).
     *
     * @param mechanism in upper case
     * @param initialResponse base64, {@code =} for an empty one; empty when not given
     */
    record Auth(String mechanism, String initialResponse) implements Command {
        @Override
        public String verb() {
            return "AUTH";
        }
    }

    /** A verb that we do not know; {@code 500 5.5.1}. */
    record Unknown(String verb, String argument) implements Command {}

    /** A verb that we know with arguments that break its syntax; {@code reply} says how. */
    record Malformed(String verb, Reply reply) implements Command {}
}
