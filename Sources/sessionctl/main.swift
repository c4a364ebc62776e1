internal import CommandKit
internal import Glibc

exit(Program.run(Array(CommandLine.arguments.dropFirst()), .process).rawValue)
