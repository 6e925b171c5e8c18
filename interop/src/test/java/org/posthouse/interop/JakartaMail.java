package org.posthouse.interop;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;

import java.util.Properties;

/** The mail client library of Java, which logs in over STARTTLS. */
final class JakartaMail {
    private final Session session;

    JakartaMail(int port, String mechanism) {
        var properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(port));
        properties.put("mail.smtp.auth", "true");
        properties.put("mail.smtp.auth.mechanisms", mechanism);
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required", "true");
        properties.put("mail.smtp.ssl.trust", "*");
        properties.put("mail.smtp.ssl.checkserveridentity", "false");
        session = Session.getInstance(properties);
    }

    /** Sends a message from ada@shop.example to a mailbox there. */
    void send(String login, String secret, String mailbox) throws MessagingException {
        var message = new MimeMessage(session);
        message.setFrom("ada@shop.example");
        message.setRecipients(Message.RecipientType.TO, mailbox + "@shop.example");
        message.setSubject("hello");
        message.setText("hello");
        Transport.send(message, login, secret);
    }
}
