internal import Glibc

/// A point of a plane, whose y grows downwards.
package struct PlanePoint: Equatable, Sendable {
    /// To the right.
    package var x: Double
    /// Downwards.
    package var y: Double

    /// Names a point.
    package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}

/// An upright rectangle of a plane.
package struct PlaneArea: Equatable, Sendable {
    /// The upper left corner.
    package var least: PlanePoint
    /// The lower right corner.
    package var most: PlanePoint

    /// The area that is a single point.
    package init(_ point: PlanePoint) { (least, most) = (point, point) }

    /// How wide it is.
    package var width: Double { most.x - least.x }
    /// How high it is.
    package var height: Double { most.y - least.y }

    /// The smallest area that holds this one and a point.
    package func including(_ point: PlanePoint) -> PlaneArea {
        var area = self
        area.least = PlanePoint(min(least.x, point.x), min(least.y, point.y))
        area.most = PlanePoint(max(most.x, point.x), max(most.y, point.y))
        return area
    }

    /// The smallest area that holds both.
    package func joined(_ other: PlaneArea) -> PlaneArea { including(other.least).including(other.most) }
}

/// A rectangle that is turned clockwise around its middle.
package struct PlaneBox: Equatable, Sendable {
    private let middle: PlanePoint
    private let width: Double
    private let height: Double
    private let sine: Double
    private let cosine: Double

    /// Turns a rectangle.
    ///
    /// - Parameters:
    ///   - x: Its left edge before it is turned.
    ///   - y: Its upper edge before it is turned.
    ///   - degrees: How far it is turned.
    package init(x: Double, y: Double, width: Double, height: Double, degrees: Double) {
        middle = PlanePoint(x + width / 2, y + height / 2)
        (self.width, self.height) = (width, height)
        // Right angles are exact: a box that is turned by 90 degrees is upright again.
        switch degrees.truncatingRemainder(dividingBy: 360) {
        case 0: (sine, cosine) = (0, 1)
        case 90, -270: (sine, cosine) = (1, 0)
        case 180, -180: (sine, cosine) = (0, -1)
        case 270, -90: (sine, cosine) = (-1, 0)
        default: (sine, cosine) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
        }
    }

    /// Whether its edges are level and plumb.
    package var isUpright: Bool { sine == 0 || cosine == 0 }

    /// A point of the rectangle where it stands.
    ///
    /// - Parameters:
    ///   - across: 0 at the left edge, 1 at the right one.
    ///   - down: 0 at the upper edge, 1 at the lower one.
    package func point(across: Double, down: Double) -> PlanePoint {
        let (dx, dy) = ((across - 0.5) * width, (down - 0.5) * height)
        return PlanePoint(middle.x + dx * cosine - dy * sine, middle.y + dx * sine + dy * cosine)
    }

    /// Where a point lies in the rectangle: 0…1 across and down where it is inside; `nil` where it has no extent.
    package func place(of point: PlanePoint) -> (across: Double, down: Double)? {
        guard width > 0, height > 0 else { return nil }
        let (dx, dy) = (point.x - middle.x, point.y - middle.y)
        return ((dx * cosine + dy * sine) / width + 0.5, (dy * cosine - dx * sine) / height + 0.5)
    }

    /// The corners, clockwise from the upper left one.
    package var corners: [PlanePoint] { [(0, 0), (1, 0), (1, 1), (0, 1)].map { point(across: $0.0, down: $0.1) } }

    /// Points around the ellipse that fits into it, clockwise; the first is not repeated.
    package func ellipse(count: Int) -> [PlanePoint] {
        (0..<count).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(count)
            return point(across: 0.5 + cos(angle) / 2, down: 0.5 + sin(angle) / 2)
        }
    }

    /// The area that it stands in.
    package var area: PlaneArea {
        corners.reduce(PlaneArea(middle)) { $0.including($1) }
    }
}
