package org.posthouse.server;

/** A login name and its password; never printed. */
record Credentials(String login, String password) {
    @Override
    public String toString() {
        return "Credentials";
    }
}
