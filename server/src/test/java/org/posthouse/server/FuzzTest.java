package org.posthouse.server;

import org.junit.jupiter.api.Test;
import org.posthouse.sim.Mutations;

import java.util.List;

/** The fuzz targets with their seeds and some mutations; {@code dev/fuzz} runs campaigns. */
class FuzzTest {
    private static final int ROUNDS = 5000;

    @Test
    void commands() {
        Mutations.run(
                SyntaxFuzz.Commands::fuzzerTestOneInput,
                List.of(
                        "EHLO client.example",
                        "MAIL FROM:<\"a b\\\"\"@client.example> SIZE=1000 BODY=8BITMIME RET=HDRS"
                                + " ENVID=a+2Bb",
                        "MAIL FROM:<@a.example,@b.example:c@[IPv6:2001:db8::1]> AUTH=<>",
                        "RCPT TO:<ada@[192.0.2.1]> NOTIFY=SUCCESS,DELAY"
                                + " ORCPT=rfc822;ada+40x.example",
                        "RCPT TO:<\u00c3\u00a4@t\u00c3\u00a4st.example>",
                        "BDAT 1000 LAST",
                        "AUTH PLAIN AGEAYg==",
                        "VRFY \"quoted string\"",
                        "a.b@c.example"),
                ROUNDS);
    }

    @Test
    void contents() {
        Mutations.run(
                SyntaxFuzz.Contents::fuzzerTestOneInput,
                List.of(
                        "Subject: x\r\n\r\nbody\r\n.\r\nQUIT\r\n",
                        "..\r\n.x\r\n\r\n.\r\n",
                        "a\nb\rc\r\n.\nd\n.\r\n\r.\r\r\n.\r\r\n",
                        ".\r\n",
                        "\n.\n.\n\r\n.\r"),
                ROUNDS);
    }

    @Test
    void replies() {
        Mutations.run(
                SyntaxFuzz.Replies::fuzzerTestOneInput,
                List.of(
                        "250-mx.example\r\n250-SIZE 1000\r\n250 DSN\r\n",
                        "550 5.1.1 no such user\r\n",
                        "250-a\r\n251 b\r\n",
                        "421\r\n",
                        "25\r\n2500 x\r\n"),
                ROUNDS);
    }

    @Test
    void proxies() {
        String v2 =
                "\r\n\r\n"
                        + "\0\r\n"
                        + "QUIT\n"
                        + "!\u0011\0\f\u00c0\0\u0002\u0001\u00c0\0\u0002\u0019\u0012\u0034\0\u0019";
        Mutations.run(
                SyntaxFuzz.Proxies::fuzzerTestOneInput,
                List.of(
                        "PROXY TCP4 192.0.2.1 192.0.2.25 4660 25\r\n",
                        "PROXY TCP6 2001:db8::1 2001:db8::2 4660 25\r\n",
                        "PROXY UNKNOWN\r\n",
                        v2,
                        v2.replace("\0\f", "\0\u0013") + "\u0003\0\u0004\1\2\3\4"),
                ROUNDS);
    }

    @Test
    void sessions() {
        String envelope =
                "EHLO c\r\nMAIL FROM:<a@client.example>\r\nRCPT TO:<ada@local.example>\r\n";
        Mutations.run(
                SessionFuzz.Sessions::fuzzerTestOneInput,
                List.of(
                        envelope + "DATA\r\nSubject: x\r\n\r\n..y\r\n.\r\nQUIT\r\n",
                        envelope + "BDAT 5\r\na: b\n\nBDAT 3 LAST\r\nxyz" + envelope + "RSET\r\n",
                        envelope + "BDAT 0 LAST\r\nNOOP\r\nVRFY x\r\nEXPN y\r\nHELP\r\nXPING z\r\n",
                        "HELO c\r\nMAIL FROM:<> BODY=BINARYMIME\r\nRCPT TO:<Postmaster>\r\n"
                                + "BDAT 4 LAST\r\n\0\r\n\u00ff",
                        "STARTTLS\r\nAUTH PLAIN AA==\r\nFOO\r\n\r\n"),
                ROUNDS / 5);
    }

    @Test
    void trusted() {
        String envelope =
                "MAIL FROM:<a@client.example>\r\nRCPT TO:<ada@local.example>\r\nRCPT"
                        + " TO:<full@local.example>\r\n";
        Mutations.run(
                SessionFuzz.Trusted::fuzzerTestOneInput,
                List.of(
                        "EHLO c\r\nAUTH PLAIN AGFkYQBzZWNyZXQ=\r\n"
                                + envelope
                                + "DATA\r\nSubject: split\r\n\r\nx\r\n.\r\nQUIT\r\n",
                        "LHLO c\r\n" + envelope + "BDAT 5 LAST\r\na: b\nRSET\r\nQUIT\r\n",
                        "XCLIENT ADDR=192.0.2.1 LOGIN=ada\r\nEHLO c\r\n"
                                + envelope
                                + "DATA\r\n.\r\n",
                        "EHLO c\r\nAUTH LOGIN\r\nYWRh\r\n*\r\nAUTH SCRAM-SHA-256\r\n\r\nbg==\r\n",
                        "EHLO c\r\nAUTH XOAUTH2 dXNlcj0BAQ==\r\n\r\nMAIL FROM:<> REQUIRETLS\r\n"),
                ROUNDS / 5);
    }

    @Test
    void frontEnds() {
        Mutations.run(
                SyntaxFuzz.FrontEnds::fuzzerTestOneInput,
                List.of(
                        "NAME=[TEMPUNAVAIL] addr=IPV6:2001:db8::7 PORT=1025 LOGIN=ada HELO=a+20b",
                        "ADDR=192.0.2.1 LOGIN=[UNAVAILABLE] PROTO=ESMTP DESTPORT=25",
                        "ADDR= PORT=99999",
                        "REVERSE_NAME=x"),
                ROUNDS);
    }

    @Test
    void logins() {
        Mutations.run(
                SessionFuzz.Logins::fuzzerTestOneInput,
                List.of(
                        "\0ada\0secret",
                        "ada\u00ffsecret",
                        "n,a=ada,\1host=h\1port=1\1auth=Bearer t\1\1",
                        "user=ada\1auth=Bearer t\1\1\u00ff",
                        "ada 0123456789abcdef0123456789abcdef",
                        "n,,n=ada,r=abc\u00ffc=biws,r=abcs,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\u00ff",
                        "p=tls-server-end-point,,n=a=2Cb,r=x\u00ffc=cD10,r=xs,p=AA==",
                        "y,a=ada,n=ada,r=abc"),
                ROUNDS);
    }
}
