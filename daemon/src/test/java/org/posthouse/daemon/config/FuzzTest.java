package org.posthouse.daemon.config;

import org.junit.jupiter.api.Test;
import org.posthouse.sim.Mutations;

import java.util.List;

/** The fuzz targets with their seeds and some mutations. */
class FuzzTest {
    @Test
    void files() {
        Mutations.run(
                ConfigFuzz.Files::fuzzerTestOneInput,
                List.of(
                        """
                        hostname = "mail.shop.example"
                        [listener.a]
                        bind = "127.0.0.1:25"
                        proxy = ["10.0.0.0/8"]
                        [domains]
                        local = ["shop.example"]
                        [auth]
                        lockout = "10 in 10m"
                        mechanisms = ["PLAIN"]
                        """,
                        """
                        [[relay]]
                        name = "a"
                        clients = ["10.0.0.0/8", "::1"]
                        send_as = "own"
                        [[route]]
                        to = ["*@b.example"]
                        via = "smarthost"
                        host = "[::1]:25"
                        auth = { user = "x", password = "env:Y" }
                        [retry]
                        ladder = ["5m", "1h"]
                        [limits]
                        message_size = "10MB"
                        """,
                        "[content]\n"
                                + "nul = 'refuse'\n"
                                + "[[discard]]\n"
                                + "keywords = [1, \"DSN\"]\n"
                                + "\u00e4 = 1979-05-27"),
                2000);
    }

    @Test
    void lists() {
        Mutations.run(
                ConfigFuzz.Lists::fuzzerTestOneInput,
                List.of(
                        "# people\nada:{PLAIN}x::::::send_as=a@b.example,*@c.example\n",
                        "app:{SCRAM-SHA-256}1,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d,wfPL\n",
                        "app:{PBKDF2}$1$0123456789abcdef$1$88b0ca84e9400b46bbef58ed30232a4c8d699ee2\n",
                        "info@shop.example: ada@shop.example, bob@far.example\n"
                                + "@shop.example: a@b.example\n"),
                2000);
    }
}
