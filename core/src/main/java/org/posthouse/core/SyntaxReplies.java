package org.posthouse.core;

/** What is said to commands that break the syntax. */
final class SyntaxReplies {
    static final Reply EMPTY = Reply.of(500, "5.5.2", "no command on this line");
    static final Reply CONTROLS = Reply.of(500, "5.5.2", "control characters in a command");
    static final Reply NO_ARGUMENT = Reply.of(501, "5.5.4", "this command takes no argument");
    static final Reply NAME = Reply.of(501, "5.5.4", "syntax: HELO or EHLO and your host name");
    static final Reply MAIL = Reply.of(501, "5.5.4", "syntax: MAIL FROM:<address> and parameters");
    static final Reply RCPT = Reply.of(501, "5.5.4", "syntax: RCPT TO:<address> and parameters");
    static final Reply SENDER = Reply.of(501, "5.1.7", "bad sender address syntax");
    static final Reply RECIPIENT = Reply.of(501, "5.1.3", "bad recipient address syntax");
    static final Reply NEEDS_SMTPUTF8 =
            Reply.of(553, "5.6.7", "this address needs the SMTPUTF8 parameter of MAIL");
    static final Reply PARAMETER_UNKNOWN = Reply.of(555, "5.5.4", "unknown or repeated parameter");
    static final Reply PARAMETER_MALFORMED = Reply.of(501, "5.5.4", "bad parameter syntax");
    static final Reply BDAT = Reply.of(501, "5.5.4", "syntax: BDAT octets [LAST]");
    static final Reply AUTH = Reply.of(501, "5.5.4", "syntax: AUTH mechanism [response]");
    static final Reply AUTH_RESPONSE = Reply.of(501, "5.5.2", "the response is not base64");
    static final Reply ARGUMENT_MISSING = Reply.of(501, "5.5.4", "this command needs an argument");

    private SyntaxReplies() {}
}
