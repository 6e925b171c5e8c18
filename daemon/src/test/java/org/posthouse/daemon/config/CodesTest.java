package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mistake of every kind, and the code it gets. */
class CodesTest {
    /** The parser has an assertion that such a text breaks. */
    @Test
    void whatBreaksTheParserIsNotToml() {
        assertThat(Checking.codes("[h1#\t{{{\0[[[[[[")).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PH-C011|data = ",
                "PH-C012|[listner.x]~bind = \"127.0.0.1:0\"",
                "PH-C012|[nothing.like.it]",
                "PH-C013|[listener]~bind = \"127.0.0.1:0\"",
                "PH-C013|[relay]~name = \"x\"",
                "PH-C013|[[tls]]~key = \"file:x\"",
                "PH-C013|[[domains]]",
                "PH-C013|relay = 1",
                "PH-C014|hostnam = \"x\"",
                "PH-C014|[limits]~message_sise = \"1MB\"",
                "PH-C015|hostname = \"a b\"",
                "PH-C015|hostname = \"-a.example\"",
                "PH-C015|data = \"\"",
                "PH-C015|[listener.x]~bind = \"mail.example:25\"",
                "PH-C015|[listener.x]~bind = \"127.0.0.1:65536\"",
                "PH-C015|[listener.x]~bind = 25",
                "PH-C015|[domains]~local = [1]",
                "PH-C015|[[relay]]~clients = \"10.0.0.0/8\"",
                "PH-C015|[[relay]]~clients = [\"10.0.0.1/8\"]",
                "PH-C015|[[relay]]~auth = \"yes\"",
                "PH-C015|[[relay]]~auth = true~senders = [\"shop.example\"]",
                "PH-C015|[[relay]]~auth = true~open_relay = \"yes\"",
                "PH-C015|[[route]]~via = \"mxx\"",
                "PH-C015|[[route]]~via = \"smarthost\"~host = \"a b:25\"",
                "PH-C015|[[route]]~port = 0",
                "PH-C015|[[route]]~max_connections = 0",
                "PH-C015|[[route]]~messages_per_minute = 0",
                "PH-C015|[[route]]~tls = true",
                "PH-C015|[[route]]~via = \"smarthost\"~host = \"h\"~auth = \"x\"",
                "PH-C015|[store]~format = \"mbx\"",
                "PH-C015|[dns]~servers = [\"ns.example\"]",
                "PH-C015|[dns]~timeout = \"0s\"",
                "PH-C015|[dns]~timeout = \"5 s\"",
                "PH-C015|[dns]~timeout = \"5sec\"",
                "PH-C015|[dns]~timeout = 5",
                "PH-C015|[limits]~message_size = 0",
                "PH-C015|[limits]~message_size = \"50 MB\"",
                "PH-C015|[limits]~message_size = \"50mb\"",
                "PH-C015|[limits]~message_size = \"99999999999GB\"",
                "PH-C015|[limits]~recipients = 99",
                "PH-C015|[limits]~connections = 1.5",
                "PH-C015|[timeouts]~server_command = \"-5m\"",
                "PH-C015|[retry]~ladder = []",
                "PH-C015|[retry]~ladder = [\"500ms\"]",
                "PH-C015|[retry]~give_up_after = \"5\"",
                "PH-C010|[domains]~recipients = \"file:/no/such/file\"",
                "PH-C010|[auth]~users = \"file:/no/such/file\"",
                "PH-C015|[auth]~users = \"/no/scheme\"",
                "PH-C015|[auth]~users = \"cred:../x\"",
                "PH-C015|[auth]~mechanisms = [\"NTLM\"]",
                "PH-C017|[auth]~mechanisms = [\"OAUTHBEARER\"]",
                "PH-C017|[auth]~mechanisms = [\"PLAIN\"]",
                "PH-C015|[oauth]~issuer = \"x\"~audience = [\"x\"]~keys ="
                        + " \"https://x.example\"~scope = \"two words\"",
                "PH-C015|[oauth]~issuer = \"x\"~keys = \"https://x.example\"~audience = \"shop\"",
                "PH-C015|[oauth]~issuer = \"x\"~keys = \"https://x.example\"~audience = []",
                "PH-C010|[oauth]~issuer = \"x\"~audience = [\"x\"]~keys = \"file:/no/such/file\"",
                "PH-C015|[oauth]~issuer = \"x\"~audience = [\"x\"]~keys ="
                        + " \"ftp://login.example/keys\"",
                "PH-C034|[oauth]~issuer = \"x\"~audience = [\"x\"]~keys ="
                        + " \"http://login.example/keys\"",
                "PH-C034|[oauth]~issuer = \"x\"~audience = [\"x\"]~keys = \"https://\"",
                "PH-C034|[oauth]~issuer = \"x\"~audience = [\"x\"]~keys = \"file:/etc/hostname\"",
                "PH-C016|[oauth]~audience = [\"x\"]~keys = \"https://x.example\"",
                "PH-C016|[oauth]~issuer = \"x\"~keys = \"https://x.example\"",
                "PH-C016|[oauth]~issuer = \"x\"~audience = [\"x\"]",
                "PH-C016|[tls]~certificate = \"file:/etc/hostname\"",
                "PH-C016|[tls]~key = \"file:/etc/hostname\"",
                "PH-T001|[tls]~certificate = \"file:/etc/hostname\"~key = \"file:/etc/hostname\"",
                "PH-C016|[[route]]~certificate = \"file:/etc/hostname\"",
                "PH-C016|[[route]]~key = \"file:/etc/hostname\"",
                "PH-T001|[[route]]~certificate = \"file:/etc/hostname\"~key ="
                        + " \"file:/etc/hostname\"",
                "PH-C010|[[route]]~certificate = \"file:/no/such/file\"~key ="
                        + " \"file:/etc/hostname\"",
                "PH-C017 PH-T001 PH-C017|[[route]]~via = \"store\"~certificate ="
                        + " \"file:/etc/hostname\"~key = \"file:/etc/hostname\"",
                "PH-C017 PH-T001 PH-C017|[[route]]~tls = \"off\"~certificate ="
                        + " \"file:/etc/hostname\"~key = \"file:/etc/hostname\"",
                "PH-C016|[listener.x]",
                "PH-C016|[[route]]~via = \"smarthost\"",
                "PH-C016|[[route]]~via = \"smarthost\"~host = \"h\"~auth = { user = \"x\" }",
                "PH-C016|[[route]]~via = \"smarthost\"~host = \"h\"~auth = { password ="
                        + " \"env:RELAY_PASSWORD\" }",
                "PH-C015|[listener.x]~bind = \"unix:\"",
                "PH-C015|[listener.x]~bind = \"unix:s\"~socket_mode = \"0888\"",
                "PH-C015|[listener.x]~bind = \"unix:s\"~socket_mode = 600",
                "PH-C017|[listener.x]~bind = \"127.0.0.1:0\"~socket_mode = \"0600\"",
                "PH-C024|[listener.x]~bind = \"unix:s\"~[listener.y]~bind = \"unix:./s\"",
                "PH-C017|[[route]]~host = \"h\"",
                "PH-C017|[[route]]~auth = { user = \"x\", password = \"env:RELAY_PASSWORD\" }",
                "PH-C017|[[route]]~via = \"smarthost\"~host = \"h\"~internal = true",
                "PH-C017|[[route]]~via = \"store\"~tls = \"off\"",
                "PH-C017|[store]~format = \"discard\"~path = \"x\"",
                "PH-C017|[retry]~probe_max = \"1s\"",
                "PH-C015|[retry]~copy_failures_to = \"postmaster\"",
                "PH-C015|[retry]~bad_name = \"bounce\"",
                "PH-C016|[[outcome]]~codes = [\"450\"]",
                "PH-C016|[[outcome]]~class = \"tmp\"",
                "PH-C016|[[outcome]]~class = \"tmp\"~at = [\"rcpt\"]",
                "PH-C015|[[outcome]]~class = \"delivered\"~codes = [\"450\"]",
                "PH-C015|[[outcome]]~class = \"tmp\"~codes = [\"250\"]",
                "PH-C015|[[outcome]]~class = \"tmp\"~codes = []",
                "PH-C015|[[outcome]]~class = \"tmp\"~statuses = [\"4.7\"]",
                "PH-C015|[[outcome]]~class = \"tmp\"~texts = [\"*\"]",
                "PH-C015|[[outcome]]~class = \"tmp\"~codes = [\"450\"]~at = [\"data\"]",
                "PH-C014|[[outcome]]~class = \"tmp\"~codes = [\"450\"]~text = [\"x\"]",
                "PH-C018|[fence]~enabled = true",
                "PH-C018|[brake]",
                "PH-C018|[console]",
                "PH-C018|[[webhook]]",
                "PH-C016 PH-C016|[[expect]]",
                "PH-C010|[domains]~aliases = \"file:/no/such/file\"",
                "PH-C015|[[relay]]~auth = true~limit = \"1/week\"",
                "PH-C015|[[relay]]~auth = true~limit = \"0/hour\"",
                "PH-C015|[[relay]]~auth = true~limit = \"/hour\"",
                "PH-C015|[[relay]]~auth = true~limit = \"1 in 0s\"",
                "PH-C015|[[relay]]~auth = true~limit = \"1 in 367d\"",
                "PH-C015|[[relay]]~auth = true~limit = 20",
                "PH-C016|[[route]]~via = \"lmtp\"",
                "PH-C015|[[route]]~source = []",
                "PH-C015|[[route]]~source = [\"out.shop.example\"]",
                "PH-C015|[[route]]~source = [\"192.0.2.1\", \"192.0.2.2\"]",
                "PH-C015|[[route]]~helo = \"a b\"",
                "PH-C015|[[route]]~sources = [\"192.0.2.1\"]",
                "PH-C015|[[route]]~sources = [{ helo = \"a.example\", weight = 0 }]",
                "PH-C015|[[route]]~sources = [{ warm_up_since = \"soon\" }]",
                "PH-C015|[[route]]~sources = [{ warm_up_since = \"2026-03-01\","
                        + " warm_up_doubles = \"1m\" }]",
                "PH-C017|[[route]]~sources = [{ warm_up_first_day = 20 }]",
                "PH-C021|[[route]]~sources = [{ weight = 1 }, { weight = 2 }]",
                "PH-C017|[[route]]~via = \"discard\"~helo = \"a.example\"",
                "PH-C017|[[route]]~helo = \"a.example\"~sources = [{ helo = \"b.example\" }]",
                "PH-C016|[[route]]~via = \"lmtp\"~hosts = [{ order = 1 }]",
                "PH-C015|[[route]]~via = \"lmtp\"~host = \"unix:\"",
                "PH-C015|[[route]]~via = \"lmtp\"~hosts = []",
                "PH-C015|[[route]]~via = \"lmtp\"~hosts = [25]",
                "PH-C015|[[route]]~via = \"lmtp\"~hosts = [{ host = \"h\", order = 65536 }]",
                "PH-C014|[[route]]~via = \"lmtp\"~hosts = [{ host = \"h\", prio = 1 }]",
                "PH-C017|[[route]]~via = \"lmtp\"~hosts = [{ host = \"h\", weight = 2 }]",
                "PH-C017|[[route]]~via = \"lmtp\"~host = \"h\"~hosts = [\"i\"]",
                "PH-C017|[[route]]~hosts = [\"h\"]",
                "PH-C016|[[route]]~via = \"smarthost\"~hosts = [{ host = \"h\", auth = { user ="
                        + " \"x\" } }]",
                "PH-C017|[[route]]~via = \"smarthost\"~host = \"h\"~tls = \"mta-sts\"",
                "PH-C017|[[route]]~via = \"lmtp\"~hosts = [{ host = \"h\", tls = \"mta-sts\" }]",
                "PH-C015|[dns]~dnssec = \"yes\"",
                "PH-C015|[[route]]~streaming = \"always\"",
                "PH-C015|[[relay]]~certificates = [\"aa\"]",
                "PH-C015|[[relay]]~auth = true~send_as = \"mine\"",
                "PH-C015|[auth]~lockout = \"10\"",
                "PH-C015|[auth]~lockout = \"0 in 10m\"",
                "PH-C016 PH-C017|[[route]]~via = \"smarthost\"~host = \"h\"~auth = { user = \"x\","
                        + " mechanism = \"xoauth2\" }",
                "PH-C015|[[route]]~via = \"smarthost\"~host = \"h\"~auth = { user = \"x\","
                        + " tokens = \"t\" }",
                "PH-C017|[[route]]~via = \"smarthost\"~host = \"h\"~auth = { user = \"x\","
                        + " tokens = \"t\", mechanism = \"plain\" }~[tokens.t]~endpoint ="
                        + " \"https://x.example\"~client_id = \"x\"~client_secret ="
                        + " \"env:RELAY_PASSWORD\"",
                "PH-C017|[[route]]~via = \"smarthost\"~host = \"h\"~auth = { user = \"x\","
                        + " password = \"env:RELAY_PASSWORD\", mechanism = \"oauthbearer\" }",
                "PH-C015|[[route]]~via = \"smarthost\"~host = \"h\"~auth = { user = \"\","
                        + " password = \"env:RELAY_PASSWORD\" }",
                "PH-C016|[tokens.t]~endpoint = \"https://x.example\"~client_id = \"x\"",
                "PH-C016 PH-C016|[tokens.t]~refresh_token = \"env:RELAY_PASSWORD\"",
                "PH-C015|[tokens.t]~endpoint = \"http://x.example\"~client_id ="
                        + " \"x\"~client_secret = \"env:RELAY_PASSWORD\"",
                "PH-C019|[tokens.t]~endpoint = \"https://x.example\"~client_id ="
                        + " \"x\"~client_secret = \"secret\"",
                "PH-C019|[[route]]~via = \"smarthost\"~host = \"h\"~auth = { user = \"x\", password"
                        + " = \"env:NONE\" }",
                "PH-C019|[[route]]~via = \"smarthost\"~host = \"h\"~auth = { user = \"x\", password"
                        + " = \"file:/no/such\" }",
                "PH-C019|[[route]]~via = \"smarthost\"~host = \"h\"~auth = { user = \"x\", password"
                        + " = \"cred:x\" }",
                "PH-C021|[[relay]]~auth = true~name = \"a\"~[[relay]]~auth = true~name = \"a\"",
                "PH-C022|[listener.x]~bind = \"127.0.0.1:0\"~tls = \"offer\"",
                "PH-C022|[listener.x]~bind = \"127.0.0.1:0\"~tls = \"implicit\"",
                "PH-C023 PH-C017|[listener.x]~bind = \"127.0.0.1:0\"~auth = \"optional\"",
                "PH-C024|[domains]~local = [\"a.example\"]~relayed = [\"A.example\"]",
                "PH-C024|[listener.x]~bind = \"127.0.0.1:25\"~[listener.y]~bind = \"127.0.0.1\"",
                "PH-C031|[[relay]]~name = \"all\"",
                "PH-C031|[[relay]]~auth = false",
                "PH-C031|[[relay]]~senders = [\"*@shop.example\"]",
                "PH-C031|[[relay]]~clients = [\"::/0\"]",
                "PH-C031|[[relay]]~clients = [\"0.0.0.0/1\"]~[[relay]]~clients = [\"128.0.0.0/1\"]",
            })
    void everyMistakeHasItsCode(String codes, String text) {
        assertThat(Checking.codes(text.replace("~", "\n") + "\n" + Checking.LISTENER))
                .isEqualTo(codes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hostname = \"mail.shop.example\"",
                "data = \"../x\"",
                "[listener.a]~bind = \"[::1]:25\"~[listener.b]~bind ="
                        + " \"::2\"~hostname=\"b.example\"~tls=\"off\"",
                "[listener.a]~bind = \"localhost:0\"~[listener.b]~bind = \"127.0.0.1:0\"",
                "[domains]",
                "[domains]~local = [\"jörg.example\", \"[192.0.2.1]\", \"our_shop.example\"]",
                "[[relay]]~clients = []",
                "[[relay]]~clients = [\"10.0.0.0/8\", \"2001:db8::1\"]~senders = [\"*\","
                        + " \"*@*.x.example\", \"a@b.example\"]",
                "[[relay]]~auth = true~send_as = \"any\"",
                "[[relay]]~clients = [\"0.0.0.0/0\"]~open_relay = \"yes, I understand\"",
                "[[route]]",
                "[[route]]~tls = \"auto\"~internal = true~port = 2525~max_connections ="
                        + " 1~messages_per_minute = 600",
                "[[route]]~via = \"smarthost\"~host = \"[2001:db8::25]:587\"~tls = \"verify\"~auth"
                    + " = { mechanism = \"plain\", user = \"x\", password = \"env:RELAY_PASSWORD\""
                    + " }",
                "[[route]]~from = [\"*@x.example\"]~login = [\"*\", \"ada\"]~[[route]]~from ="
                        + " []~login = []",
                "[[route]]~source = [\"192.0.2.1\", \"2001:db8::1\"]~helo = \"out.example\"",
                "[[route]]~sources = [{ source = [\"192.0.2.1\"], helo = \"a.example\", weight = 3"
                        + " }, { helo = \"b.example\" }]",
                "[[route]]~sources = [{ helo = \"a.example\", warm_up_since = \"2026-03-01\","
                        + " warm_up_first_day = 20, warm_up_doubles = \"36h\" }]",
                "[[route]]~via = \"lmtp\"~to = [\"*@x.example\"]~host = \"unix:lmtp\"",
                "[[route]]~via = \"smarthost\"~hosts = [\"a.example\", { host = \"[::1]:587\","
                    + " order = 1, weight = 0, tls = \"verify\", auth = { user = \"x\", tokens ="
                    + " \"t\" } }]~[tokens.t]~endpoint = \"https://x.example\"~client_id ="
                    + " \"x\"~client_secret = \"env:RELAY_PASSWORD\"~scope = \"a b\"",
                "[[route]]~to = [\"*@x.example\"]~via = \"refuse\"~[[route]]~via ="
                        + " \"discard\"~[[route]]~via = \"store\"",
                "[store]~format = \"mbox\"~path = \"x\"",
                "[dns]~servers = [\"192.0.2.53\", \"[2001:db8::53]:5353\"]~timeout = \"500ms\"",
                "[limits]~message_size = \"50MB\"~recipients = 100~connections ="
                        + " 1~connections_per_client = 1~clients_exempt = [\"127.0.0.0/8\"]",
                "[limits]~message_size = 1000",
                "[timeouts]~server_command = \"5m\"~server_data = \"10m\"~client_connect ="
                    + " \"30s\"~client_greeting = \"5m\"~client_command = \"5m\"~client_data_block"
                    + " = \"3m\"~client_data_end = \"10m\"",
                "[retry]~ladder = [\"1s\"]~give_up_after = \"0s\"~warn_after = \"10d\"~idle_wait ="
                        + " \"0s\"~probe_first = \"1s\"~probe_max = \"1s\"",
            })
    void whatIsRightIsTaken(String text) {
        assertThat(Checking.report(text.replace("~", "\n") + "\n" + Checking.LISTENER)).isEmpty();
    }
}
