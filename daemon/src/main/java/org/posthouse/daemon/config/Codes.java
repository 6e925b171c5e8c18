package org.posthouse.daemon.config;

/** The codes of what can be wrong with a configuration; each has a page of help. */
final class Codes {
    static final String UNREADABLE = "PH-C010";
    static final String SYNTAX = "PH-C011";
    static final String UNKNOWN_SECTION = "PH-C012";
    static final String SHAPE = "PH-C013";
    static final String UNKNOWN_KEY = "PH-C014";
    static final String VALUE = "PH-C015";
    static final String MISSING = "PH-C016";
    static final String MISMATCH = "PH-C017";
    static final String NOT_BUILT = "PH-C018";
    static final String SECRET = "PH-C019";
    static final String SAME_NAME = "PH-C021";
    static final String NO_CERTIFICATE = "PH-C022";
    static final String NO_TLS = "PH-C023";
    static final String TWICE = "PH-C024";
    static final String USERS = "PH-C025";
    static final String ALIASES = "PH-C029";
    static final String RECIPIENTS = "PH-C026";
    static final String KEY_SET = "PH-C034";
    static final String EXPECTATION = "PH-C041";
    static final String GATEWAY = "PH-C042";
    static final String CERTIFICATE = "PH-T001";
    static final String OPEN_RELAY = "PH-C031";

    private Codes() {}
}
