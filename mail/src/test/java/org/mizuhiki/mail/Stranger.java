package org.mizuhiki.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import org.mizuhiki.house.Bytes;

/// One who speaks SMTP by hand.
final class Stranger implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Stranger(SSLContext believing, int port) throws IOException {
        socket = believing.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        answer();
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
