package org.mizuhiki.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.mizuhiki.house.Bytes;

/// One who speaks SMTP by hand.
final class Stranger implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;
    private final String greeting;

    Stranger(SSLContext believing, int port) throws IOException {
        this(believing, port, "127.0.0.1");
    }

    /// @param from address of this machine from which it calls
    Stranger(SSLContext believing, int port, String from) throws IOException {
        socket = believing
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral(from), 0);
        socket.setSoTimeout(30_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        greeting = answer();
    }

    String greeting() {
        return greeting;
    }

    String say(String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return answer();
    }

    String answer() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        return line == null ? "gone" : line;
    }

    /// Begins a mail and leaves it there.
    void begin(String to, int bytes) throws IOException {
        say("EHLO x");
        say("MAIL FROM:<taro@hospital.example>");
        say("RCPT TO:<" + to + ">");
        say("DATA");
        write("Subject: slow\r\n\r\n" + "x".repeat(bytes));
    }

    void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    X509Certificate shown() throws IOException {
        return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }

    String bring(Bytes content, String... to) throws IOException {
        say("EHLO x");
        say("MAIL FROM:<taro@hospital.example>");
        for (var one : to) {
            var said = say("RCPT TO:<" + one + ">");
            if (!said.startsWith("250")) {
                return said;
            }
        }
        say("DATA");
        return say(content.asUtf8() + "\r\n.");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
