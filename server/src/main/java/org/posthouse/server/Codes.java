package org.posthouse.server;

/** The stable codes of refusals that a session decides by itself. */
final class Codes {
    /** An address can't be bound. */
    static final String CANNOT_BIND = "PH-S002";

    /** Accepting connections fails. */
    static final String CANNOT_ACCEPT = "PH-S020";

    /** A session ended by a defect of ours. */
    static final String DEFECT = "PH-S021";

    /** A session outlived the end of the server. */
    static final String STILL_RUNNING = "PH-S022";

    /** A command line breaks the syntax. */
    static final String SYNTAX = "PH-P101";

    /** A command has no place in the present state. */
    static final String SEQUENCE = "PH-P102";

    /** A verb that is not known. */
    static final String UNKNOWN_VERB = "PH-P103";

    /** An extension that was not offered, or not asked for. */
    static final String EXTENSION = "PH-P104";

    /** A bare CR or LF in the content. */
    static final String BARE_LINE_END = "PH-P105";

    /** Octets in the content that the rules do not take. */
    static final String OCTETS = "PH-P109";

    /** A proxy without a PROXY header, or a client with one. */
    static final String PROXY = "PH-P110";

    /** The client did not wait for us. */
    static final String EARLY_TALK = "PH-P108";

    /** Too many connections on the listener. */
    static final String CONNECTIONS = "PH-L101";

    /** Too many connections from one client. */
    static final String CONNECTIONS_OF_CLIENT = "PH-L102";

    /** Too many refused commands. */
    static final String ERRORS = "PH-L103";

    /** Message or header section too big. */
    static final String SIZE = "PH-L104";

    /** Too many recipients. */
    static final String RECIPIENTS = "PH-L105";

    /** A deadline passed. */
    static final String TIMEOUT = "PH-L106";

    /** Too many messages in one session. */
    static final String MESSAGES = "PH-L107";

    /** Too many commands without a message. */
    static final String COMMANDS = "PH-L108";

    /** Too many Received fields. */
    static final String LOOP = "PH-L109";

    /** A hook or the intake threw. */
    static final String HOOK_FAILED = "PH-H101";

    /** The intake took no responsibility. */
    static final String NOT_STORED = "PH-H102";

    /** The session must be secured first. */
    static final String TLS_NEEDED = "PH-T101";

    /** The TLS handshake failed. */
    static final String HANDSHAKE = "PH-T102";

    /** There is no certificate to show. */
    static final String NO_CERTIFICATE = "PH-T103";

    /** A login is needed first. */
    static final String LOGIN_NEEDED = "PH-A101";

    /** A wrong login. */
    static final String WRONG_LOGIN = "PH-A102";

    /** Too many wrong logins. */
    static final String LOCKED_OUT = "PH-A103";

    /** Too much of one client in a minute. */
    static final String RATE = "PH-L110";

    /** The listener is under stress. */
    static final String STRESS = "PH-L111";

    /** XCLIENT from a stranger, or without sense. */
    static final String XCLIENT = "PH-P111";

    private Codes() {}
}
