package org.posthouse.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.policy.IpAddress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ExpectationsTest {
    private static final String RULES =
            """
            [listener.in]
            bind = "127.0.0.1:0"
            [domains]
            local = ["a.example"]
            relayed = ["b.example"]
            [[relay]]
            name = "apps"
            clients = ["172.17.0.0/16"]
            [[route]]
            name = "safe"
            to = ["*@safe.example"]
            tls = "verify"
            [[route]]
            name = "default"
            """;

    @TempDir Path folder;

    private String report(String more, List<IpAddress> gateways) throws IOException {
        Path file = folder.resolve("posthouse.toml");
        Files.writeString(file, RULES + more);
        var around = new Surroundings(Map.of(), "here.example", gateways);
        return Configuration.loadToRun(file, around) instanceof Configuration.Bad bad
                ? bad.report()
                : "";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "192.0.2.1|x@far.example|\"refuse\"|",
                "192.0.2.1|x@far.example|{ refuse = \"PH-R101\" }|",
                "192.0.2.1|x@far.example|{ refuse = \"PH-R110\" }|refused at RCPT TO: 553 5.7.1",
                "192.0.2.1|x@far.example|\"accept\"|refused at RCPT TO",
                "192.0.2.1|x@a.example|\"store\"|",
                "192.0.2.1|x@a.example|\"relay\"|stored here",
                "192.0.2.1|x@b.example|{ relay = \"default\", rule = \"relayed domain\" }|",
                "172.17.0.9|x@safe.example|{ relay = \"safe\", tls = \"verify\" }|",
                "172.17.0.9|x@safe.example|{ relay = \"safe\", rule = \"apps\" }|",
                "172.17.0.9|x@safe.example|{ tls = \"require\" }|tls verify",
                "172.17.0.9|x@far.example|{ relay = \"safe\" }|route \"default\"",
                "172.17.0.9|x@far.example|\"accept\"|",
            })
    void aTestFailsByWhatItExpects(String client, String to, String answer, String trouble)
            throws IOException {
        String test =
                """
                [[expect]]
                ask = { client = "%s", from = "y@far.example", to = "%s" }
                answer = %s
                """;
        String report = report(test.formatted(client, to, answer), List.of());
        if (trouble == null) {
            assertThat(report).isEmpty();
        } else {
            assertThat(report).contains("error[PH-C041]", trouble);
        }
    }

    @Test
    void aContainersGatewayIsNoClientToTrust() throws IOException {
        List<IpAddress> gateways = List.of(IpAddress.parse("172.17.0.1"));
        assertThat(report("", List.of())).isEmpty();
        assertThat(report("", List.of(IpAddress.parse("192.168.0.1")))).isEmpty();
        assertThat(report("", gateways))
                .contains("error[PH-C042]: in this container the rule may let everybody relay")
                .contains("posthouse.toml:8:11")
                .contains("holds 172.17.0.1, the gateway that published ports come through");
    }

    @Test
    void gatewaysAreReadFromTheKernelsTables() {
        List<String> routes =
                List.of(
                        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU",
                        "eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0",
                        "eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0");
        String anywhere = "0".repeat(32);
        List<String> routesV6 =
                List.of(
                        anywhere
                                + " 00 "
                                + anywhere
                                + " 00 20010db8"
                                + "0".repeat(23)
                                + "1 0 0 0 0",
                        anywhere + " 00 " + anywhere + " 00 " + anywhere + " 0 0 0 0 lo");
        assertThat(Surroundings.gateways(routes, routesV6))
                .containsExactly(IpAddress.parse("172.17.0.1"), IpAddress.parse("2001:db8::1"));
        assertThat(Surroundings.gateways(List.of("nonsense"), List.of("x y"))).isEmpty();
    }
}
