package org.posthouse.daemon.config;

import static org.posthouse.daemon.config.Key.later;
import static org.posthouse.daemon.config.Model.words;

import org.posthouse.daemon.config.Section.Shape;

import java.util.List;

/** The settings of a login at a next hop. */
final class OutLoginKeys {
    static final Key<String> USER = Key.of("user", Types.TEXT, "none", "The login.");
    static final Key<String> PASSWORD =
            Key.of("password", Sources.SECRET, "none", "Where its password is.");
    static final Key<Boolean> MECHANISM =
            Key.of(
                    "mechanism",
                    Types.choice(words("plain", true), List.of("login", "xoauth2")),
                    "plain",
                    "How to log in; LOGIN is tried where PLAIN is not offered.");
    static final Section SECTION =
            new Section(
                    "auth",
                    Shape.INLINE,
                    "`auth` of a route",
                    "A login at the next hop.",
                    List.of(MECHANISM, USER, PASSWORD, later("token")));

    private OutLoginKeys() {}
}
