package org.posthouse.server;

/** What every session says in the same words. */
final class Replies {
    static final CannedReply OK = CannedReply.of(250, "2.0.0", "ok");
    static final CannedReply MAIL_OK = CannedReply.of(250, "2.1.0", "reverse-path ok");
    static final CannedReply RCPT_OK = CannedReply.of(250, "2.1.5", "recipient ok");
    static final CannedReply CHUNK_OK = CannedReply.of(250, "2.0.0", "chunk taken");
    static final CannedReply SEND_CONTENT =
            CannedReply.plain(354, "send the content, end with a dot on a line of its own");
    static final CannedReply READY_FOR_TLS = CannedReply.of(220, "2.0.0", "ready for TLS");
    static final CannedReply LOGGED_IN = CannedReply.of(235, "2.7.0", "welcome");
    static final CannedReply HELP =
            CannedReply.of(
                    214,
                    "2.0.0",
                    "HELO EHLO MAIL RCPT DATA BDAT RSET NOOP HELP VRFY EXPN STARTTLS AUTH QUIT");
    static final CannedReply LMTP_HELP =
            CannedReply.of(
                    214,
                    "2.0.0",
                    "LHLO MAIL RCPT DATA BDAT RSET NOOP HELP VRFY EXPN STARTTLS AUTH QUIT");

    static final CannedReply LINE_TOO_LONG = CannedReply.of(500, "5.5.2", "line too long");
    static final CannedReply BARE_LF =
            CannedReply.of(500, "5.5.2", "a command line ends in CR and LF");
    static final CannedReply BARE_LINE_END =
            CannedReply.of(550, "5.6.11", "lines of a message end in CR and LF");
    static final CannedReply NUL = CannedReply.of(554, "5.6.0", "NUL octets are not taken");
    static final CannedReply EIGHT_BIT =
            CannedReply.of(554, "5.6.1", "8-bit octets need BODY=8BITMIME");
    static final CannedReply BINARY_BY_BDAT =
            CannedReply.of(503, "5.5.1", "BODY=BINARYMIME needs BDAT");
    static final CannedReply NO_BINARY =
            CannedReply.of(555, "5.5.4", "BODY=BINARYMIME is not offered");
    static final CannedReply TOO_MANY_RECIPIENTS =
            CannedReply.of(452, "4.5.3", "too many recipients");
    static final CannedReply TOO_BIG = CannedReply.of(552, "5.3.4", "message too big");
    static final CannedReply HEADER_TOO_LONG =
            CannedReply.of(552, "5.3.4", "header section too long");
    static final CannedReply LOOP =
            CannedReply.of(554, "5.4.6", "too many Received fields: a mail loop");
    static final CannedReply LOCAL_ERROR =
            CannedReply.of(451, "4.3.0", "local error, try again later");
    static final CannedReply NO_TLS_NOW =
            CannedReply.of(454, "4.7.0", "TLS is not available for now");

    static final CannedReply AUTH_UNKNOWN =
            CannedReply.of(504, "5.5.4", "this mechanism is not offered");
    static final CannedReply AUTH_CANCELLED = CannedReply.of(501, "5.7.0", "login cancelled");
    static final CannedReply AUTH_NOT_BASE64 =
            CannedReply.of(501, "5.5.2", "this answer can't be decoded");
    static final CannedReply AUTH_TOO_LONG = CannedReply.of(500, "5.5.6", "answer too long");
    static final CannedReply AUTH_FAILED = CannedReply.of(535, "5.7.8", "wrong login");
    static final CannedReply AUTH_NOT_NOW =
            CannedReply.of(454, "4.7.0", "logins can't be checked for now");

    static final CannedReply LOCKED_OUT =
            CannedReply.of(454, "4.7.0", "too many wrong logins, try again later");

    static final CannedReply EARLY_TALK =
            CannedReply.of(554, "5.5.0", "you talk before it is your turn, closing");

    static final CannedReply TOO_OFTEN =
            CannedReply.of(421, "4.7.0", "too many connections from you in a minute");
    static final CannedReply TOO_MANY_A_MINUTE =
            CannedReply.of(450, "4.7.1", "too many from you in a minute, try again later");
    static final CannedReply UNDER_STRESS =
            CannedReply.of(421, "4.3.2", "too busy, try again later");
    static final CannedReply NO_MEMORY =
            CannedReply.of(452, "4.3.1", "no memory for this message now, try again later");
    static final CannedReply NO_FRONT_END =
            CannedReply.of(550, "5.7.0", "you are no front end of ours");
    static final CannedReply NO_XCLIENT =
            CannedReply.of(501, "5.5.4", "this does not say who the client is");
    static final CannedReply NO_PROXY =
            CannedReply.of(554, "5.7.0", "you are no proxy of ours, closing");

    static final CannedReply TIMEOUT = CannedReply.of(421, "4.4.2", "too slow, closing");
    static final CannedReply STOPPING = CannedReply.of(421, "4.3.2", "shutting down, closing");
    static final CannedReply DISCONNECTED = CannedReply.of(421, "4.7.0", "closing");
    static final CannedReply OUT_OF_STEP =
            CannedReply.of(421, "4.7.0", "what follows can't be understood, closing");
    static final CannedReply TOO_MANY_ERRORS =
            CannedReply.of(421, "4.7.0", "too many errors, closing");
    static final CannedReply TOO_MANY_COMMANDS =
            CannedReply.of(421, "4.7.0", "too many commands without a message, closing");
    static final CannedReply TOO_MANY_MESSAGES =
            CannedReply.of(421, "4.7.0", "enough messages for one session, closing");
    static final CannedReply TOO_MANY_CONNECTIONS =
            CannedReply.of(421, "4.3.2", "too many connections, try again later");
    static final CannedReply TOO_MANY_OF_CLIENT =
            CannedReply.of(421, "4.7.0", "too many connections from you, try again later");

    private Replies() {}
}
