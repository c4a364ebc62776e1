extension SyncProtobuf {
    /// The text of `sync.proto`, which lies beside this file for compilers of other languages.
    package static let schema = """
        // Messages of sessionctl's sync service under the WebSocket subprotocol "sessionctl.sync.v1.proto".
        //
        // Each binary message is one Envelope. Its payload holds exactly what the payload of the JSON message of the same type
        // holds; the manual page sessionctl-serve(1) says where to read what that is.
        syntax = "proto3";

        package sessionctl.sync.v1;

        import "google/protobuf/struct.proto";

        // What a message is about.
        enum Type {
          TYPE_UNKNOWN = 0;            // never valid
          TYPE_HEARTBEAT = 1;          // client to server
          TYPE_HEARTBEAT_ACK = 2;      // server to client
          TYPE_SNAPSHOT_REQUEST = 3;   // client to server
          TYPE_SNAPSHOT_RESPONSE = 4;  // server to client
          TYPE_STATE_UPDATE = 5;       // both ways
          TYPE_ERROR = 6;              // server to client
          TYPE_AUTH = 7;               // client to server
          TYPE_AUTH_SUCCESS = 8;       // server to client
          TYPE_AUTH_FAILURE = 9;       // server to client
          TYPE_DEVICE_JOINED = 10;     // server to client
          TYPE_DEVICE_LEFT = 11;       // server to client
          TYPE_DEVICE_LIST = 12;       // both ways
          TYPE_BROADCAST = 13;         // both ways
          TYPE_ADMIN_UPDATE = 14;      // server to administrators
        }

        // One message. An empty field is an absent one.
        message Envelope {
          Type type = 1;
          string session_id = 2;               // a UUID
          string user_id = 3;
          string device_id = 4;
          int64 timestamp = 5;                 // seconds since 1970
          google.protobuf.Struct payload = 6;
          string correlation_id = 7;           // chosen by the client, repeated in the reply
          uint64 seq = 8;                      // the place of a push, for resume
        }

        """
}
