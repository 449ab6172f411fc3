package dev.stepcast.platform.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.ClusterSerializable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.function.Predicate;

/**
 * Keys and values of async maps as bytes: one letter for the type, then the value. Equal keys have
 * equal bytes. What Java itself serialized, and classes that read themselves, are read back only if
 * they are trusted.
 */
final class ValueCodec {
  private final Predicate<String> trusted;

  ValueCodec(Predicate<String> trusted) {
    this.trusted = trusted;
  }

  /** @throws IllegalArgumentException for null and for what cannot be carried */
  Buffer encode(Object value) {
    return switch (value) {
      case String text -> typed('s').appendString(text);
      case Integer number -> typed('i').appendInt(number);
      case Long number -> typed('l').appendLong(number);
      case Short number -> typed('h').appendShort(number);
      case Byte number -> typed('b').appendByte(number);
      case Character one -> typed('c').appendInt(one);
      case Double number -> typed('d').appendDouble(number);
      case Float number -> typed('f').appendFloat(number);
      case Boolean is -> typed('z').appendByte((byte) (is ? 1 : 0));
      case byte[] bytes -> typed('y').appendBytes(bytes);
      case Buffer bytes -> typed('u').appendBuffer(bytes);
      case JsonObject json -> typed('j').appendBuffer(json.toBuffer());
      case JsonArray json -> typed('a').appendBuffer(json.toBuffer());
      case ClusterSerializable self -> written(self);
      case Serializable object -> typed('o').appendBytes(serialized(object));
      case null, default ->
        throw new IllegalArgumentException("cannot be put into a cluster's map: " + value);
    };
  }

  /** What {@link #encode} was given. */
  Object decode(Buffer bytes) {
    var rest = bytes.getBuffer(1, bytes.length());
    return switch ((char) bytes.getByte(0)) {
      case 's' -> rest.toString();
      case 'i' -> rest.getInt(0);
      case 'l' -> rest.getLong(0);
      case 'h' -> rest.getShort(0);
      case 'b' -> rest.getByte(0);
      case 'c' -> (char) rest.getInt(0);
      case 'd' -> rest.getDouble(0);
      case 'f' -> rest.getFloat(0);
      case 'z' -> rest.getByte(0) == 1;
      case 'y' -> rest.getBytes();
      case 'u' -> rest;
      case 'j' -> new JsonObject(rest);
      case 'a' -> new JsonArray(rest);
      case 'x' -> read(rest);
      case 'o' -> deserialized(rest.getBytes());
      default -> throw new IllegalArgumentException("not a value of ours: " + bytes);
    };
  }

  private static Buffer typed(char type) {
    return Buffer.buffer().appendByte((byte) type);
  }

  private static Buffer written(ClusterSerializable self) {
    var name = self.getClass().getName();
    var buffer = typed('x').appendInt(name.length()).appendString(name);
    var body = Buffer.buffer();
    self.writeToBuffer(body);
    return buffer.appendBuffer(body);
  }

  private Object read(Buffer bytes) {
    int length = bytes.getInt(0);
    var name = bytes.getString(4, 4 + length);
    if (!trusted.test(name)) {
      throw new IllegalArgumentException("not trusted: " + name);
    }
    try {
      var made = Class.forName(name, true, loader()).asSubclass(ClusterSerializable.class)
          .getDeclaredConstructor().newInstance();
      made.readFromBuffer(0, bytes.getBuffer(4 + length, bytes.length()));
      return made;
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static byte[] serialized(Serializable object) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
    return bytes.toByteArray();
  }

  private Object deserialized(byte[] bytes) {
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      in.setObjectInputFilter(this::judge);
      return in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Status judge(ObjectInputFilter.FilterInfo info) {
    var type = info.serialClass();
    if (type == null || type.isPrimitive() || type == String.class) {
      return Status.UNDECIDED;
    }
    return trusted.test(type.getName()) ? Status.ALLOWED : Status.REJECTED;
  }

  private static ClassLoader loader() {
    var loader = Thread.currentThread().getContextClassLoader();
    return loader == null ? ValueCodec.class.getClassLoader() : loader;
  }
}
