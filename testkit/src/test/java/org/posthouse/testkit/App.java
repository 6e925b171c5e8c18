package org.posthouse.testkit;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;

import java.util.Properties;

/** An application that sends mail, and tries each mail three times. */
record App(String host, int port) {
    private static final int TRIES = 3;

    void signUp(String address) {
        MessagingException last = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                send(address);
                return;
            } catch (MessagingException e) {
                last = e;
            }
        }
        throw new IllegalStateException(last);
    }

    private void send(String address) throws MessagingException {
        var settings = new Properties();
        settings.setProperty("mail.smtp.host", host);
        settings.setProperty("mail.smtp.port", Integer.toString(port));
        var message = new MimeMessage(Session.getInstance(settings));
        message.setFrom("no-reply@shop.example");
        message.setRecipients(Message.RecipientType.TO, address);
        message.setSubject("Verify your address");
        message.setText("Welcome! https://shop.example/verify?t=1 or code 123456");
        Transport.send(message);
    }
}
