package javacard.security;

public interface ECKey {
    void setFieldFP(byte[] buffer, short offset, short length);

    void setA(byte[] buffer, short offset, short length);

    void setB(byte[] buffer, short offset, short length);

    void setG(byte[] buffer, short offset, short length);

    void setR(byte[] buffer, short offset, short length);

    void setK(short K);

    short getField(byte[] buffer, short offset);

    short getA(byte[] buffer, short offset);

    short getB(byte[] buffer, short offset);

    short getG(byte[] buffer, short offset);

    short getR(byte[] buffer, short offset);

    short getK();
}
