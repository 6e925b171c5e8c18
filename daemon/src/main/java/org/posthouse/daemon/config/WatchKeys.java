package org.posthouse.daemon.config;

import static org.posthouse.daemon.config.Model.words;

import org.posthouse.daemon.config.Section.Shape;

import java.net.InetSocketAddress;
import java.util.List;

/** The settings of those that watch over a daemon: metrics, health, the log. */
final class WatchKeys {
    private static final int PORT = 9125;
    private static final int TOP_MAX = 200;

    static final Key<InetSocketAddress> BIND =
            Key.of(
                    "bind",
                    Types.text(
                            "an address, perhaps with a port",
                            "such as \"127.0.0.1:9125\"",
                            text -> Types.address(text, PORT)),
                    "none: not at all",
                    "Where `/metrics` (for Prometheus), `/livez` and `/readyz` are told over HTTP,"
                            + " to whoever asks: mostly `127.0.0.1:9125`.");
    static final Key<List<String>> DESTINATIONS =
            Key.of(
                    "destinations",
                    Types.DOMAINS,
                    "none",
                    "Recipient domains that are counted by their names.");
    static final Key<Long> TOP =
            Key.of(
                    "top",
                    Types.count(0, TOP_MAX),
                    "20",
                    "So many more domains are counted by their names: the first ones that get a"
                            + " hundred deliveries. All others together are `other`.");
    static final Section METRICS =
            new Section(
                    "metrics",
                    Shape.SINGLE,
                    "[metrics]",
                    "What is told to those that watch over the daemon.",
                    List.of(BIND, DESTINATIONS, TOP));
    static final Key<Boolean> FORMAT =
            Key.of(
                    "format",
                    Types.choice(words("text", false, "json", true), List.of()),
                    "text",
                    "One line an event, for people or as JSON.");
    static final Section LOG =
            new Section(
                    "log",
                    Shape.SINGLE,
                    "[log]",
                    "What is written to standard error.",
                    List.of(FORMAT));

    private WatchKeys() {}
}
