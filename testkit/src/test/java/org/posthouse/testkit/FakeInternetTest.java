package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.testkit.Selectors.to;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthouse.Message;
import org.posthouse.Posthouse;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class FakeInternetTest {
    private static final String ADA = "ada@partner.example";
    private static final String APP = "app@shop.example";

    private final FakeInternet net = FakeInternet.create();

    @AfterEach
    void close() {
        net.close();
    }

    private static Message message() {
        return Message.builder().from(APP).to(ADA).subject("Order 1").text("Three teapots").build();
    }

    private Posthouse start() {
        return net.start(net.builder().hostname("mail.shop.example"));
    }

    @Test
    void deliversAtOnce() {
        net.domain("partner.example").mx("mx.partner.example");
        start().submit(message());
        net.runUntilQuiet();
        assertThat(net.one(to(ADA)).subject()).isEqualTo("Order 1");
        assertThat(net.now()).isEqualTo(FakeInternet.START);
    }

    @Test
    void deliversOnTheThirdDay() {
        net.domain("partner.example").mx("mx.partner.example");
        FakeHost partner = net.host("mx.partner.example").down(Duration.ofDays(3));
        start().submit(message());
        net.advance(Duration.ofDays(4));
        Instant back = FakeInternet.START.plus(Duration.ofDays(3));
        assertThat(net.one(to(ADA)).receivedAt()).isBetween(back, back.plus(Duration.ofHours(4)));
        List<Instant> tries = partner.connectionsAt();
        assertThat(tries).hasSizeGreaterThan(20);
    }

    @Test
    void reportsWhatCouldNotBeDelivered() {
        net.domain("partner.example").mx("mx.partner.example");
        net.domain("shop.example").mx("mx.shop.example");
        net.host("mx.partner.example").down();
        start().submit(message());
        net.runUntilSettled();
        assertThat(net.reportsTo(APP)).hasSize(2);
        assertThat(net.reportsTo(APP).getLast().text()).contains(ADA);
    }
}
