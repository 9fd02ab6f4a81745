package org.mizuhiki.portal;

import java.io.InputStream;
import java.net.InetAddress;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Login;

/// A call of which only the file's name may be looked at: the pages are the same for everybody.
record Visit(String file) implements Call {

    private static AssertionError looked() {
        return new AssertionError("the pages look at nothing of a call");
    }

    @Override
    public Caller caller() {
        throw looked();
    }

    @Override
    public InetAddress address() {
        throw looked();
    }

    @Override
    public String place() {
        throw looked();
    }

    @Override
    public PersonId person() {
        throw looked();
    }

    @Override
    public String path(String name) {
        return file;
    }

    @Override
    public Optional<String> query(String name) {
        throw looked();
    }

    @Override
    public <T> T body(Class<T> type) {
        throw looked();
    }

    @Override
    public String mediaType() {
        throw looked();
    }

    @Override
    public Optional<Login> login() {
        throw looked();
    }

    @Override
    public Bytes bytes() {
        throw looked();
    }

    @Override
    public InputStream stream() {
        throw looked();
    }

    @Override
    public String requestId() {
        throw looked();
    }
}
