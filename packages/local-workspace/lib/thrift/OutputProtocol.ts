import { TBinaryProtocol } from 'thrift';

/** The binary protocol with doubles as they are: the library's own halves some powers of two and loses the sign of zero. */
export class OutputProtocol extends TBinaryProtocol {
  override writeDouble(value: number): void {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(value);
    this.getTransport().write(bytes);
  }
}
