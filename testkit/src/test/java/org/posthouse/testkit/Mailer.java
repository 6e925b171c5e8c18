package org.posthouse.testkit;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;

import java.util.Properties;

/** Sends as an application does, by Jakarta Mail. */
record Mailer(MailSandbox sandbox, boolean isSecured) {
    static Mailer to(MailSandbox sandbox) {
        return new Mailer(sandbox, false);
    }

    MimeMessage message(String from, String... to) throws MessagingException {
        var properties = new Properties();
        properties.put("mail.smtp.host", sandbox.host());
        properties.put("mail.smtp.port", Integer.toString(sandbox.port()));
        properties.put("mail.smtp.timeout", "2000");
        properties.put("mail.smtp.localhost", "app.example");
        if (isSecured) {
            properties.put("mail.smtp.starttls.required", "true");
            properties.put("mail.smtp.ssl.trust", "*");
        }
        var message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress(from));
        for (String each : to) {
            message.addRecipient(RecipientType.TO, new InternetAddress(each));
        }
        return message;
    }

    void send(String from, String to, String subject, String text) throws MessagingException {
        MimeMessage message = message(from, to);
        message.setSubject(subject, "UTF-8");
        message.setText(text, "UTF-8");
        Transport.send(message);
    }
}
